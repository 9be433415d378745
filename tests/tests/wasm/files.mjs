// Prints the files of the tree at a folder, one a line.

import { pathToFileURL } from "node:url";

const [root, folder] = process.argv.slice(2);
const { Tree } = await import(pathToFileURL(`${root}/wasm/node/tree.mjs`).href);
process.stdout.write(new Tree(folder).files().toString().replaceAll("\0", "\n"));

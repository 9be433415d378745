// Writes a list of digests, or compares files with one.

import { readFileSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

import { Refused, input, output, place, problem, say, summary, table, words } from "../../wasm/node/runner.mjs";
import { core, good, run, trying } from "../../wasm/node/action.mjs";
import { listed, measured } from "../../wasm/node/files.mjs";

await run(() => {
  const directory = place("directory", input("directory") || ".");
  const list = place("output", input("output") || "checksums.txt", directory);
  const check = input("check");
  const against = check === "" ? list : place("check", check, directory);
  const files = found(directory).filter((path) => join(directory, path) !== against)
    .map((path) => ({ path, digest: trying(() => measured(directory, path)).digest }));
  output("count", files.length);
  if (check !== "") {
    good(core.checksums({ compare: { text: read(against, check), files, list: check } }));
    say(`${files.length} files are as the list says`);
    return;
  }
  const { text } = good(core.checksums({ render: { files } }));
  writeFileSync(list, text);
  const digest = trying(() => measured(directory, relative(directory, list))).digest;
  output("path", list);
  output("digest", digest);
  say(`${files.length} digests written to ${list}`);
  const rows = files.map((file) => [file.path, file.digest]);
  summary(`### Checksums\n\n${table(["file", "digest"], rows)}`);
});

function found(directory) {
  const paths = words("files").map((word) => {
    const path = relative(directory, place("files", word, directory)).split(sep).join("/");
    return path === "" ? "." : path;
  });
  return [...new Set(paths.flatMap((path) => trying(() => listed(directory, path))))];
}

function read(path, name) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new Refused([problem("file-missing", `cannot be read: ${error.code}`, undefined, name)]);
  }
}

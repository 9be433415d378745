// Answers every case of a list with the WASM modules: one JSON list of texts on stdout.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [root, list] = process.argv.slice(2);
const load = (name) => import(pathToFileURL(`${root}/wasm/node/${name}.mjs`).href);
const [core, inspect, tree] = await Promise.all(["core", "inspect", "tree"].map(load));

const steps = {
  matrix: (request, file) => core.raw("plan", request, new tree.Tree(file)),
  "wheel-name": (request) => core.raw("wheelName", request),
  checksums: (request) => core.raw("checksums", request),
  provenance: (request) => core.raw("provenance", request),
  merge: (request) => core.raw("mergeSboms", request),
  sbom: (request, file) => inspect.rawInspection("sbom", request, readFileSync(file)),
};

const answers = JSON.parse(readFileSync(list, "utf8")).map(({ step, request, file }) =>
  steps[step](request, file));
process.stdout.write(JSON.stringify(answers));

// The core in Node: loads the module that stands in `wasm/pkg`, and calls it with values.
// A trap in it (which would be a defect of ours) is told as a problem, and the next call gets a
// fresh instance.

import { readFileSync } from "node:fs";

const FOLDER = new URL("../pkg/", import.meta.url);

/** Thrown when this commit carries no built core. */
export class NoCore extends Error {}

let glue;
let compiled;
let started = false;

try {
  glue = await import(new URL("core.mjs", FOLDER).href);
} catch (error) {
  if (error?.code !== "ERR_MODULE_NOT_FOUND") throw error;
}

function start() {
  if (!glue) {
    throw new NoCore(
      "this commit of package-actions carries no built core: pin a release (`@v1`, or a tag's SHA)",
    );
  }
  compiled ??= new WebAssembly.Module(readFileSync(new URL("core_bg.wasm", FOLDER)));
  glue.initSync({ module: compiled });
  started = true;
}

function call(name, request, ...values) {
  if (!started) start();
  try {
    return glue[name](request, ...values);
  } catch (error) {
    // The module's memory may hold anything now.
    started = false;
    const message = `the core stopped in \`${name}\`: ${error?.message ?? error}`;
    const help = "this is a defect: please report it with the input; the command line may do";
    return JSON.stringify({ problems: [{ severity: "error", code: "core-trap", message, help }] });
  }
}

const ask = (name) => (request, ...values) => {
  const text = typeof request === "string" ? request : JSON.stringify(request);
  return JSON.parse(call(name, text, ...values));
};

/** Each takes a request (a value, or its JSON) and answers with an object that has `problems`. */
export const plan = ask("plan");
export const guard = ask("guard");
export const version = ask("version");
export const wheelName = ask("wheelName");
export const checksums = ask("checksums");
export const sbom = ask("sbom");
export const mergeSboms = ask("mergeSboms");
export const provenance = ask("provenance");
export const verify = ask("verify");

/** The same, text in and text out: the very bytes that the command line prints. */
export const raw = (name, request, ...values) => call(name, request, ...values);

/** Problems as workflow commands, one a line. */
export const annotations = (problems) => call("annotations", JSON.stringify(problems));

/** Whether an answer's problems stop the work. */
export const failed = (answer) => answer.problems.some((found) => found.severity === "error");

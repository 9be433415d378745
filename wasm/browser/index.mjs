// The npm package in a browser: `await load()` once, then the same functions as in Node. There is
// no disk here: a host is whatever the page makes (see `wasm/types.d.ts`).

import * as glue from "../pkg/core.mjs";

let started = false;

/** Fetches and starts the core; `source` is where it lies, unless beside this file. */
export async function load(source = new URL("../pkg/core_bg.wasm", import.meta.url)) {
  await glue.default({ module_or_path: source });
  started = true;
}

function call(name, request, ...values) {
  if (!started) throw new Error("the core is not loaded: `await load()` first");
  try {
    return glue[name](request, ...values);
  } catch (error) {
    const message = `the core stopped in \`${name}\`: ${error?.message ?? error}`;
    const help = "this is a defect: please report it with the input, and load the page anew";
    return JSON.stringify({ problems: [{ severity: "error", code: "core-trap", message, help }] });
  }
}

const ask = (name) => (request, ...values) => {
  const text = typeof request === "string" ? request : JSON.stringify(request);
  return JSON.parse(call(name, text, ...values));
};

export const plan = ask("plan");
export const guard = ask("guard");
export const version = ask("version");
export const wheelName = ask("wheelName");
export const checksums = ask("checksums");
export const sbom = ask("sbom");
export const mergeSboms = ask("mergeSboms");
export const provenance = ask("provenance");
export const verify = ask("verify");
export const raw = (name, request, ...values) => call(name, request, ...values);
export const annotations = (problems) => call("annotations", JSON.stringify(problems));
export const failed = (answer) => answer.problems.some((found) => found.severity === "error");

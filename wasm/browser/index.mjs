// The npm package in a browser: `await load()` once, then the same functions as in Node. There is
// no disk here: a host is whatever the page makes (see `wasm/types.d.ts`).

import * as core from "../pkg/core.mjs";
import * as verifying from "../pkg/verify.mjs";

const started = new Set();

/** Fetches and starts the module `core` or `verify`; `source` is where it lies, unless beside us. */
export async function load(name = "core", source = undefined) {
  const glue = name === "core" ? core : verifying;
  const place = source ?? new URL(`../pkg/${name}_bg.wasm`, import.meta.url);
  await glue.default({ module_or_path: place });
  started.add(glue);
}

function call(glue, step, request, values) {
  if (!started.has(glue)) throw new Error("the module is not loaded: `await load()` first");
  try {
    return glue[step](request, ...values);
  } catch (error) {
    const message = `the core stopped in \`${step}\`: ${error?.message ?? error}`;
    const help = "this is a defect: please report it with the input, and load the page anew";
    const found = { severity: "error", code: "core-trap", message, help };
    return JSON.stringify({ problems: [found] });
  }
}

const ask = (glue, step) => (request, ...values) => {
  const text = typeof request === "string" ? request : JSON.stringify(request);
  return JSON.parse(call(glue, step, text, values));
};

export const plan = ask(core, "plan");
export const guard = ask(core, "guard");
export const version = ask(core, "version");
export const wheelName = ask(core, "wheelName");
export const checksums = ask(core, "checksums");
export const mergeSboms = ask(core, "mergeSboms");
export const provenance = ask(core, "provenance");
export const sbom = ask(verifying, "sbom");
export const verify = ask(verifying, "verify");
export const annotations = (problems) => call(core, "annotations", JSON.stringify(problems), []);
export const raw = (step, request, ...values) => call(core, step, request, values);
export const failed = (answer) => answer.problems.some((found) => found.severity === "error");

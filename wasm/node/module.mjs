// Loads one WASM module that stands in `wasm/pkg`, and calls it with texts and values. A trap in it
// (which would be a defect of ours) is told as a problem, and the next call gets a fresh instance.

import { existsSync, readFileSync } from "node:fs";

const FOLDER = new URL("../pkg/", import.meta.url);

/** Thrown when this commit carries no built module. */
export class NoCore extends Error {}

/** The module `name`, whose border `load` brings; it is compiled when it is first called. */
export async function open(name, load) {
  let glue;
  try {
    glue = await load();
  } catch (error) {
    if (error?.code !== "ERR_MODULE_NOT_FOUND") throw error;
  }
  let compiled;
  let started = false;
  const start = () => {
    const place = new URL(`${name}_bg.wasm`, FOLDER);
    if (!glue || !existsSync(place)) {
      throw new NoCore(
        "this commit of package-actions carries no built core: pin a release (`@v1`, or a tag's SHA)",
      );
    }
    // Where V8 does not know a flag, nothing changes.
    const { setFlagsFromString } = process.getBuiltinModule("node:v8");
    // A function is checked when it is first called, not all of them before the first: most actions
    // call a tenth of them.
    setFlagsFromString("--wasm-lazy-validation");
    // The core is done before a second, careful compilation of what runs often would pay: eight
    // times the usual work comes first. `verify` unpacks and hashes for longer, and keeps the usual.
    if (name === "core") {
      setFlagsFromString("--wasm-tiering-budget=100000000");
      // What that second compilation would inline by is then not counted either.
      setFlagsFromString("--no-wasm-inlining");
    }
    compiled ??= new WebAssembly.Module(readFileSync(place));
    glue.initSync({ module: compiled });
    started = true;
  };
  return (step, request, ...values) => {
    if (!started) start();
    try {
      return glue[step](request, ...values);
    } catch (error) {
      // The module's memory may hold anything now.
      started = false;
      const message = `the core stopped in \`${step}\`: ${error?.message ?? error}`;
      const help = "this is a defect: please report it with the input; the command line may do";
      const found = { severity: "error", code: "core-trap", message, help };
      return JSON.stringify({ problems: [found] });
    }
  };
}

/** A step of a module that takes a request, as a value or as its JSON, and answers with an object. */
export const asking = (call, step) => (request, ...values) => {
  const text = typeof request === "string" ? request : JSON.stringify(request);
  return JSON.parse(call(step, text, ...values));
};

/** Whether an answer's problems stop the work. */
export const failed = (answer) => answer.problems.some((found) => found.severity === "error");

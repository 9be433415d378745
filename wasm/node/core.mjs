// What every action needs: the module `core`, in Node.

import { asking, open } from "./module.mjs";

const call = await open("core", () => import("../pkg/core.mjs"));

export const plan = asking(call, "plan");
export const guard = asking(call, "guard");
export const version = asking(call, "version");
export const wheelName = asking(call, "wheelName");
export const checksums = asking(call, "checksums");
export const mergeSboms = asking(call, "mergeSboms");
export const provenance = asking(call, "provenance");

/** Problems as workflow commands, one a line. */
export const annotations = (problems) => call("annotations", JSON.stringify(problems));

/** The same, text in and text out: the very bytes that the command line prints. */
export const raw = (step, request, ...values) => call(step, request, ...values);

export { NoCore, failed } from "./module.mjs";

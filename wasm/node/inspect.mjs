// What looks into files: the module `verify`, in Node.

import { asking, open } from "./module.mjs";

const call = await open("verify", () => import("../pkg/verify.mjs"));

export const sbom = asking(call, "sbom");
export const verify = asking(call, "verify");

/** The same, text in and text out: the very bytes that the command line prints. */
export const rawInspection = (step, request, ...values) => call(step, request, ...values);

// The npm package in Node: both modules, and the hosts that show them a disk.

export * from "./core.mjs";
export { sbom, verify } from "./inspect.mjs";
export { Release, measured } from "./files.mjs";
export { Tree } from "./tree.mjs";

// The npm package in Node: the core, and the hosts that show it a disk.

export * from "./core.mjs";
export { Release, measured } from "./files.mjs";
export { Tree } from "./tree.mjs";

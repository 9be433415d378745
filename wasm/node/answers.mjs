// Answers to the core about what stands at a path of a tree: a letter, and what belongs to it.

import { closeSync, openSync, readSync } from "node:fs";

/** Bytes of one text; the core's own limit, so that no larger one is read at all. */
export const TEXT_BYTES = 16 << 20;

export const answer = (letter, text = "") => Buffer.from(letter + text);
export const ABSENT = answer("A");
export const FOLDER = answer("F");
export const FILE = answer("N");

/** A file's text. Reads no more than the size that was seen, should the file grow meanwhile. */
export function text(file, size) {
  const bytes = Buffer.allocUnsafe(size + 1);
  bytes[0] = 0x54;
  const handle = openSync(file, "r");
  try {
    let end = 1;
    while (end <= size) {
      const count = readSync(handle, bytes, end, size + 1 - end, null);
      if (count === 0) break;
      end += count;
    }
    return bytes.subarray(0, end);
  } finally {
    closeSync(handle);
  }
}

/** What a build leaves behind is not source, wherever it lies at the root. */
export function belongs(path) {
  const top = path.split("/", 1)[0];
  return !(top === "dist" || top.startsWith(".dist.") || top === ".git");
}

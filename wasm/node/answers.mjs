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

/** What builds leave behind at the root: no sources, unless git tracks something in there. */
export const OUTPUTS = ["dist", ".dist.next", ".dist.last"];

/** Whether the file at `path` is a source: it lies in none of the folders `leftOut`. */
export function belongs(path, leftOut = OUTPUTS) {
  const isIn = (folder) => path === folder || path.startsWith(`${folder}/`);
  return !isIn(".git") && !leftOut.some(isIn);
}

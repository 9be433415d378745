// Files by their bytes: a release's folder as the core verifies it, and digests of single files.
// Hashing is Node's, which uses the processor's own instructions; the core decides.

import { closeSync, fstatSync, lstatSync, openSync, readSync, readdirSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";

/** Bytes of one file that the core may look into: its memory ends at 4 GiB. */
const INSIDE_BYTES = 1 << 30;

/** Bytes read at a time. */
const PIECE = 1 << 20;

/** The release's folder at `root`. */
export class Release {
  constructor(root) {
    this.root = root;
  }

  entries() {
    const entries = [];
    const visit = (folder, inside) => {
      const names = readdirSync(folder, { withFileTypes: true });
      if (names.length === 0 && inside !== "") {
        entries.push({ path: inside.slice(0, -1), regular: false });
      }
      for (const entry of names) {
        const path = inside + entry.name;
        if (entry.isDirectory()) visit(join(folder, entry.name), `${path}/`);
        else entries.push({ path, regular: entry.isFile() });
      }
    };
    told(".", () => visit(this.root, ""));
    return JSON.stringify(entries);
  }

  read(path, limit) {
    return told(path, () => {
      const most = Math.min(limit, INSIDE_BYTES);
      return opened(this.root, path, (handle, size) => {
        if (size > most) {
          throw thrown("file-too-large", `has ${size} bytes, expected at most ${most}`, path);
        }
        const bytes = Buffer.allocUnsafe(size);
        let end = 0;
        while (end < size) {
          const count = readSync(handle, bytes, end, size - end, null);
          if (count === 0) break;
          end += count;
        }
        return bytes.subarray(0, end);
      });
    });
  }

  size(path) {
    return told(path, () => opened(this.root, path, (_, size) => size));
  }

  measure(path) {
    return told(path, () => JSON.stringify(measured(this.root, path)));
  }
}

/** Length and digest of the file at `path` below `root`. */
export function measured(root, path) {
  return opened(root, path, (handle) => {
    const hash = createHash("sha256");
    const piece = Buffer.allocUnsafe(PIECE);
    let size = 0;
    for (;;) {
      const count = readSync(handle, piece, 0, PIECE, null);
      if (count === 0) return { size, digest: `sha256:${hash.digest("hex")}` };
      hash.update(piece.subarray(0, count));
      size += count;
    }
  });
}

/** The regular files below `root/path`, or that file itself; sorted. Links are refused. */
export function listed(root, path) {
  const about = lstatSync(join(root, path), { throwIfNoEntry: false });
  if (!about) throw thrown("file-missing", "is not there", path);
  if (about.isFile()) return [path];
  if (!about.isDirectory()) throw irregular(path);
  const files = [];
  for (const name of readdirSync(join(root, path))) {
    files.push(...listed(root, path === "." ? name : `${path}/${name}`));
  }
  return files.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

function opened(root, path, work) {
  const full = join(root, path);
  // A link is refused, not followed: what a release holds are files.
  if (!lstatSync(full).isFile()) throw irregular(path);
  const handle = openSync(full, "r");
  try {
    return work(handle, fstatSync(handle).size);
  } finally {
    closeSync(handle);
  }
}

function irregular(path) {
  return thrown("file-not-regular", "is a link or no file, expected a regular file", path);
}

/** A problem as the core reads it when a host throws. */
function thrown(code, message, path) {
  const location = { file: path, line: 0, column: 0 };
  return JSON.stringify({ severity: "error", code, message, location });
}

function told(path, work) {
  try {
    return work();
  } catch (error) {
    if (typeof error === "string") throw error;
    if (error.code === "ENOENT") throw thrown("file-missing", "is not there", path);
    throw thrown("file-failed", `cannot read it: ${error.message}`, path);
  }
}

// A work tree and the commit that it is a checkout of. What did not change is the commit's, whatever
// the disk holds; what changed, and what git does not know yet, is the disk's. The command line
// follows the same rules (`crates/pipeline/src/source`).

import { lstatSync, readlinkSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fields, git } from "./git.mjs";
import { ABSENT, FILE, FOLDER, OUTPUTS, TEXT_BYTES, answer, belongs, text } from "./answers.mjs";

const LINK = "120000";
const SUBMODULE = "160000";
/** More links than this on the way to a file are a loop. */
const MAX_LINKS = 40;

export class Checkout {
  /** That of the folder `root`; null where no commit knows it. */
  static at(root, outputs = OUTPUTS) {
    const there = (folder) => lstatSync(join(folder, ".git"), { throwIfNoEntry: false });
    if (!above(root).some(there)) return null;
    // What git tracks, by path: of what did not change, this is what the commit holds. Before the
    // first commit all of it has changed.
    const entries = new Map();
    for (const line of fields(git(root, ["ls-files", "--stage", "-z"]))) {
      entries.set(line.slice(line.indexOf("\t") + 1), line);
    }
    // Unpacked inside somebody else's checkout: that commit says nothing about it.
    return entries.size === 0 ? null : new Checkout(root, entries, outputs);
  }

  /**
   * `entries` are lines of `MODE OBJECT STAGE<tab>PATH` by path (git-ls-files, "Output"); `outputs`
   * are the folders that releases are written to.
   */
  constructor(root, entries, outputs) {
    this.root = root;
    this.entries = entries;
    this.folders = new Set();
    for (const path of entries.keys()) {
      for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
        const folder = path.slice(0, at);
        if (this.folders.has(folder)) break;
        this.folders.add(folder);
      }
    }
    this.leftOut = outputs.filter((folder) => !this.#holdsOthers(folder));
    this.snapshot = null;
  }

  /** Whether git tracks something in `folder` that is no release. */
  #holdsOthers(folder) {
    const ours = ["release.json", "build.json"].map((file) => `${folder}/${file}`);
    return !ours.some((path) => this.entries.has(path)) && (this.entries.has(folder) || this.folders.has(folder));
  }

  /** What stands at `path`; of a file, its text where that is asked for. */
  find(path, texts) {
    if (path === ".") return FOLDER;
    return this.#unchanged(path, texts) ?? this.#found(path, texts);
  }

  /** All files that belong to it. */
  files() {
    return [...this.#files().files.keys()];
  }

  /** The answer, where the commit and the disk agree on it: nobody then waits for `git status`. */
  #unchanged(path, texts) {
    const entry = this.entries.get(path);
    const full = this.#full(path);
    if (entry) {
      const { mode, id } = parsed(entry);
      if (mode === LINK || mode === SUBMODULE) return null;
      const about = lstatSync(full, { throwIfNoEntry: false });
      if (!about?.isFile()) return null;
      if (!texts) return FILE;
      if (about.size > TEXT_BYTES) return null;
      const bytes = text(full, about.size);
      return blobName(bytes.subarray(1), id) === id ? bytes : null;
    }
    for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
      if (this.entries.has(path.slice(0, at))) return null;
    }
    const about = lstatSync(full, { throwIfNoEntry: false });
    if (!about && !this.folders.has(path)) return ABSENT;
    return about?.isDirectory() && this.folders.has(path) ? FOLDER : null;
  }

  #found(path, texts) {
    const led = this.#lead(path);
    if (led.outside !== undefined) return answer("O", led.outside);
    if (led.endless) return answer("U", "it is a link that leads to itself");
    if (led.folder) return FOLDER;
    if (!led.file) return ABSENT;
    return texts ? led.file.text() : FILE;
  }

  /** Where `path` leads, with all links followed inside the tree. */
  #lead(path) {
    const { files, folders } = this.#files();
    const done = [];
    const rest = path.split("/").reverse();
    let [followed, target] = [0, path];
    while (rest.length > 0) {
      const part = rest.pop();
      if (part === "" || part === ".") continue;
      if (part === "..") {
        if (done.pop() === undefined) return { outside: target };
        continue;
      }
      done.push(part);
      const file = files.get(done.join("/"));
      if (file?.link === undefined) continue;
      followed += 1;
      if (followed > MAX_LINKS) return { endless: true };
      target = file.link;
      if (target.startsWith("/")) return { outside: target };
      done.pop();
      rest.push(...target.split("/").reverse());
    }
    const end = done.join("/");
    return { file: files.get(end), folder: end === "" || folders.has(end) };
  }

  /** The files by path: what the commit has and nothing changed, and what changed. */
  #files() {
    if (this.snapshot) return this.snapshot;
    const changed = this.#changed();
    const files = new Map();
    for (const [path, entry] of this.entries) {
      if (!belongs(path, this.leftOut) || changed.has(path)) continue;
      const { mode, id } = parsed(entry);
      if (mode === SUBMODULE) this.#submodule(files, path, id);
      else files.set(path, this.#object(path, mode, id));
    }
    for (const path of changed) {
      const full = this.#full(path);
      const about = lstatSync(full, { throwIfNoEntry: false });
      if (about?.isSymbolicLink()) files.set(path, { link: slashed(readlinkSync(full)) });
      else if (about?.isFile()) files.set(path, { text: () => ofDisk(full, about) });
    }
    const folders = new Set();
    for (const path of files.keys()) {
      for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
        folders.add(path.slice(0, at));
      }
    }
    this.snapshot = { files: new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1))), folders };
    return this.snapshot;
  }

  #object(path, mode, id) {
    const bytes = () => this.#unchanged(path, true) ?? this.#blob(id);
    if (mode !== LINK) return { text: bytes };
    return { link: this.#blob(id).subarray(1).toString("utf8") };
  }

  #blob(id) {
    const size = Number(git(this.root, ["cat-file", "-s", id]));
    if (size > TEXT_BYTES) return FILE;
    return Buffer.concat([answer("T"), git(this.root, ["cat-file", "blob", id])]);
  }

  /** Takes in a submodule that is checked out as the commit has it; the build refuses others. */
  #submodule(files, path, id) {
    const folder = this.#full(path);
    if (!lstatSync(join(folder, ".git"), { throwIfNoEntry: false })) return;
    const head = git(folder, ["rev-parse", "--quiet", "--verify", "HEAD"], { mayFail: true });
    if (head === null || head.toString().trim() !== id) return;
    const inner = Checkout.at(folder, []);
    for (const [name, file] of inner?.#files().files ?? []) files.set(`${path}/${name}`, file);
  }

  /** Paths that differ from the commit, and those that git does not know yet and does not ignore. */
  #changed() {
    const prefix = git(this.root, ["rev-parse", "--show-prefix"]).toString().replace(/\r?\n$/u, "");
    const status = ["status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames"];
    const where = ["--ignore-submodules=dirty", "--", "."];
    const paths = fields(git(this.root, [...status, ...where])).map((line) => line.slice(3));
    const inside = paths.filter((path) => path.startsWith(prefix) && !path.endsWith("/"));
    const below = inside.map((path) => path.slice(prefix.length));
    return new Set(below.filter((path) => belongs(path, this.leftOut)));
  }

  #full(path) {
    return `${this.root}${sep}${path}`;
  }
}

function ofDisk(full, about) {
  return about.size > TEXT_BYTES ? FILE : text(full, about.size);
}

/** The name of the blob with these bytes, by the hash that names of this length come from. */
function blobName(bytes, like) {
  const { hash } = process.getBuiltinModule("node:crypto");
  const object = Buffer.concat([Buffer.from(`blob ${bytes.length}\0`), bytes]);
  return hash(like.length === 64 ? "sha256" : "sha1", object, "hex");
}

function parsed(entry) {
  const [mode, id] = entry.split(" ", 2);
  return { mode, id };
}

function slashed(path) {
  return sep === "/" ? path : path.replaceAll(sep, "/");
}

function above(folder) {
  const all = [folder];
  for (let next = dirname(folder); next !== all.at(-1); next = dirname(next)) all.push(next);
  return all;
}

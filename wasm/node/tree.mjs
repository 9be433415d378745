// A repository on disk as the core asks for it: texts by path, and which files belong to it.
// The same rules as the command line's: the commit and what changed since where there is git, else
// all but what `.gitignore` names. Never a text from outside of the tree, never one that is too large.

import { lstatSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { ABSENT, FILE, FOLDER, TEXT_BYTES, answer, belongs, text } from "./answers.mjs";
import { Checkout } from "./checkout.mjs";
import { git } from "./git.mjs";

/** Folders that no repository means to ship, skipped where no git can say so. */
const JUNK = new Set([".git", "__pycache__", "node_modules", ".venv", ".tox", "target"]);

/** The tree at `folder`, which must be there. */
export class Tree {
  constructor(folder) {
    this.root = realpathSync.native(folder);
    this.folders = new Map([["", "plain"]]);
    this.found = new Map();
    this.checkout = undefined;
  }

  find(path) {
    return this.#answer(path, true);
  }

  look(path) {
    return this.#answer(path, false);
  }

  #answer(path, texts) {
    try {
      const checkout = this.#repository();
      if (checkout) return checkout.find(path, texts);
      return this.#find(path === "." ? "" : path, (full, about) => {
        if (!texts || !about.isFile() || about.size > TEXT_BYTES) return FILE;
        return text(full, about.size);
      });
    } catch (error) {
      // What is wrong with the tree as a whole.
      if (typeof error === "string") throw error;
      if (error.code === "ENOENT") return ABSENT;
      return answer("U", error.message);
    }
  }

  /** The commit and what changed since; null where no git knows the folder. */
  #repository() {
    if (this.checkout === undefined) this.checkout = Checkout.at(this.root);
    return this.checkout;
  }

  #find(path, file) {
    // Folders are asked for again and again; each is looked at once.
    if (this.folders.get(path) === "plain") return FOLDER;
    const slash = path.lastIndexOf("/");
    const kind = this.#folder(slash < 0 ? "" : path.slice(0, slash));
    if (kind === "absent") return ABSENT;
    if (kind === "file") return answer("U", "Not a directory (os error 20)");
    let full = path === "" ? this.root : `${this.root}${sep}${path}`;
    let about = lstatSync(full, { throwIfNoEntry: false });
    if (!about) return ABSENT;
    if (kind === "linked" || about.isSymbolicLink()) {
      full = realpathSync.native(full);
      about = statSync(full);
      if (full !== this.root && !full.startsWith(this.root + sep)) return answer("O", full);
    } else if (about.isDirectory()) {
      this.#plain(path);
    }
    if (about.isDirectory()) return FOLDER;
    return file(full, about);
  }

  /** Whether a folder, or one above it, is reached through a link. */
  #folder(path) {
    const known = this.folders.get(path);
    if (known) return known;
    const slash = path.lastIndexOf("/");
    let kind = this.#folder(slash < 0 ? "" : path.slice(0, slash));
    if (kind === "plain") {
      const about = lstatSync(`${this.root}${sep}${path}`, { throwIfNoEntry: false });
      if (!about) kind = "absent";
      else if (about.isSymbolicLink()) kind = "linked";
      else if (!about.isDirectory()) kind = "file";
      else this.#plain(path);
    }
    this.folders.set(path, kind);
    return kind;
  }

  /**
   * Notes a folder. Where a second one is found beside it there may be a thousand: then all are
   * noted, which takes one look instead of one for each.
   */
  #plain(path) {
    this.folders.set(path, "plain");
    const inside = path.slice(0, path.lastIndexOf("/") + 1);
    const count = (this.found.get(inside) ?? 0) + 1;
    this.found.set(inside, count);
    if (count !== 2) return;
    let entries = [];
    try {
      entries = readdirSync(`${this.root}${sep}${inside}`, { withFileTypes: true });
    } catch {
      // What may not be listed may still be entered: each is then looked at.
    }
    for (const entry of entries) {
      if (entry.isDirectory()) this.folders.set(inside + entry.name, "plain");
    }
  }

  /** What git answers to a question of the core's, about tags; nothing where no git is. */
  git(question) {
    if (!this.#repository()) return new Uint8Array();
    return answer("T", git(this.root, question.split("\0")).toString("utf8"));
  }

  sha256(bytes) {
    return process.getBuiltinModule("node:crypto").hash("sha256", bytes, "buffer");
  }

  files() {
    const listed = this.#repository()?.files() ?? walked(this.root).filter((path) => belongs(path));
    return Buffer.from(listed.map((path) => `${path}\0`).join(""));
  }
}

/** All files below the root but junk and what `.gitignore` files name. */
function walked(root) {
  const files = [];
  const visit = (folder, inside, rules) => {
    const names = readdirSync(folder, { withFileTypes: true });
    if (names.some((entry) => entry.name === ".gitignore" && entry.isFile())) {
      rules = [...rules, ...ignoring(text(join(folder, ".gitignore"), TEXT_BYTES), inside)];
    }
    for (const entry of names) {
      const path = inside + entry.name;
      if (JUNK.has(entry.name) || ignored(path, entry.isDirectory(), rules)) continue;
      if (entry.isDirectory()) visit(join(folder, entry.name), `${path}/`, rules);
      else files.push(path);
    }
  };
  visit(root, "", []);
  return files;
}

/** The last rule that matches decides. */
function ignored(path, isFolder, rules) {
  let verdict = false;
  for (const rule of rules) {
    if (rule.folder && !isFolder) continue;
    if (path.startsWith(rule.inside) && rule.matches.test(path.slice(rule.inside.length))) {
      verdict = !rule.negated;
    }
  }
  return verdict;
}

/** The rules of one `.gitignore` (gitignore(5), "PATTERN FORMAT"). */
function ignoring(bytes, inside) {
  const rules = [];
  for (let line of bytes.subarray(1).toString("utf8").split(/\r?\n/u)) {
    line = line.replace(/(?<!\\) +$/u, "");
    if (line === "" || line.startsWith("#")) continue;
    const negated = line.startsWith("!");
    let pattern = negated ? line.slice(1) : line;
    const folder = pattern.endsWith("/");
    if (folder) pattern = pattern.slice(0, -1);
    const anchored = pattern.includes("/");
    pattern = pattern.replace(/^\//u, "");
    const matches = expression(anchored ? pattern : `**/${pattern}`);
    if (matches) rules.push({ inside, negated, folder, matches });
  }
  return rules;
}

function expression(pattern) {
  let source = "";
  for (let at = 0; at < pattern.length; at += 1) {
    const rest = pattern.slice(at);
    const set = /^\[([!^]?)(\]?[^\]]*)\]/u.exec(rest);
    if (rest.startsWith("**/") && (at === 0 || pattern[at - 1] === "/")) {
      source += "(?:.*/)?";
      at += 2;
    } else if (rest === "**" && (at === 0 || pattern[at - 1] === "/")) {
      source += ".+";
      at += 1;
    } else if (rest[0] === "*") {
      source += "[^/]*";
    } else if (rest[0] === "?") {
      source += "[^/]";
    } else if (set) {
      source += `(?!/)[${set[1] ? "^" : ""}${set[2].replace(/[\\[\]^]/gu, "\\$&")}]`;
      at += set[0].length - 1;
    } else {
      if (rest[0] === "\\" && rest.length > 1) at += 1;
      source += pattern[at].replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&");
    }
  }
  try {
    return new RegExp(`^${source}$`, "su");
  } catch {
    return null;
  }
}

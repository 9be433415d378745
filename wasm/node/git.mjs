// Questions to git about the repository around a folder, as the person who calls would ask them.

/**
 * What git prints; null where it says no and that may be. Nobody may be asked anything, and no file
 * of the repository may be run.
 */
export function git(root, args, { mayFail = false, limit = 1 << 30 } = {}) {
  const { spawnSync } = process.getBuiltinModule("node:child_process");
  const fixed = ["-C", root, "-c", "core.fsmonitor=false", "-c", "core.quotePath=false"];
  const ran = spawnSync("git", [...fixed, ...args], {
    env: environment(),
    maxBuffer: limit,
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (ran.status === 0) return ran.stdout;
  if (mayFail && !ran.error) return null;
  if (ran.error?.code === "ENOENT") {
    const message = "this is a git repository, and there is no `git` to ask about it";
    throw refusal("git-missing", message, "install git, so that it is in `PATH`");
  }
  throw failed(ran.error?.message ?? ran.stderr.toString().trim());
}

/**
 * What git is given of the caller's variables, as the native program does: nothing that chooses a
 * repository, its index or configuration, runs a program, or is a secret.
 */
const PASSED = [
  "PATH", "HOME", "TMPDIR", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "TEMP",
  "TMP", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "PROGRAMFILES", "PROGRAMFILES(X86)",
  "PROGRAMDATA", "GIT_EXEC_PATH", "XDG_CONFIG_HOME", "SUDO_UID",
];

function environment() {
  // On Windows a variable is found by any case of its name, so it is asked for, not listed.
  const set = PASSED.filter((name) => process.env[name] !== undefined);
  const kept = set.map((name) => [name, process.env[name]]);
  const own = {
    GIT_NO_LAZY_FETCH: "1",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_OPTIONAL_LOCKS: "0",
    LC_ALL: "C",
  };
  return { ...Object.fromEntries(kept), ...own };
}

/** The fields of an answer that ends each with a zero byte. */
export function fields(bytes) {
  const text = utf8(bytes);
  if (text !== null) return text.split("\0").filter((field) => field !== "");
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0, at);
    const field = bytes.subarray(at, end < 0 ? bytes.length : end);
    if (utf8(field) === null) throw misnamed(field);
    at += field.length + 1;
  }
  throw failed("its answer is not UTF-8");
}

/** A text of git's; null where it is none. */
function utf8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** No format of packages can name such a file everywhere. `field` ends with its path. */
function misnamed(field) {
  const file = Buffer.from(field.subarray(field.indexOf(0x09) + 1)).toString("utf8");
  const help = "rename it with `git mv`, or remove it from the repository";
  const location = { file, line: 0, column: 0 };
  return refusal("tree-name", `the name of \`${file}\` is not UTF-8`, help, location);
}

function failed(why) {
  const message = `git could not say what belongs to the tree: ${why}`;
  return refusal("git-failed", message, "repair the repository until `git status` works there; a fresh clone is safest");
}

/** What the core takes for a problem. */
function refusal(code, message, help, location) {
  return JSON.stringify({ severity: "error", code, message, help, location });
}

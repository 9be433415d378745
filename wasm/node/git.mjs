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
  throw refusal("git-failed", ran.error?.message ?? ran.stderr.toString().trim());
}

/**
 * The caller's variables without those that choose a repository, its index or configuration: a hook
 * sets them for the repository that it runs in.
 */
function environment() {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith("GIT_") || name === "GIT_EXEC_PATH",
  );
  const own = { GIT_OPTIONAL_LOCKS: "0", GIT_NO_REPLACE_OBJECTS: "1", LC_ALL: "C" };
  return { ...Object.fromEntries(kept), ...own };
}

/** A text of git's. */
export function utf8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refusal("git-failed", "a file's name is not UTF-8");
  }
}

/** What the core takes for a problem. */
function refusal(code, why) {
  const message = `git could not say what belongs to the tree: ${why}`;
  const help = "run `git status` there and mend what it reports";
  return JSON.stringify({ severity: "error", code, message, help });
}

// Writes a list of digests, or compares files with one.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

import { Refused, flag, input, output, place, problem, say, summary, table, words } from "../../wasm/node/runner.mjs";
import { core, good, run, trying } from "../../wasm/node/action.mjs";
import { listed, measured } from "../../wasm/node/files.mjs";

await run(() => {
  const directory = place("directory", input("directory") || ".");
  const list = place("output", input("output") || "checksums.txt", directory);
  const check = input("check");
  const against = check === "" ? list : place("check", check, directory);
  if (check !== "") {
    const text = read(against, check);
    const scope = flag("strict") ? "both" : input("files") === "." ? "listed" : "given";
    const files = scope === "listed" ? present(directory, text) : given(directory, against);
    output("count", files.length);
    good(core.checksums({ compare: { text, files, list: check, scope } }));
    say(`${files.length} files are as the list says`);
    return;
  }
  const files = given(directory, list);
  output("count", files.length);
  const { text } = good(core.checksums({ render: { files } }));
  writeFileSync(list, text);
  const digest = trying(() => measured(directory, relative(directory, list))).digest;
  output("path", list);
  output("digest", digest);
  say(`${files.length} digests written to ${list}`);
  const rows = files.map((file) => [file.path, file.digest]);
  summary(`### Checksums\n\n${table(["file", "digest"], rows)}`);
});

/** Path and digest of the files that `files` names, without the list itself. */
function given(directory, list) {
  return found(directory).filter((path) => join(directory, path) !== list)
    .map((path) => ({ path, digest: trying(() => measured(directory, path)).digest }));
}

/** Path and digest of the listed files that are there. The core tells those that are not. */
function present(directory, text) {
  const { files } = core.checksums({ parse: { text } });
  const paths = [...new Set((files ?? []).map((file) => file.path))];
  return paths.filter((path) => existsSync(join(directory, path)))
    .map((path) => ({ path, digest: trying(() => measured(directory, path)).digest }));
}

function found(directory) {
  const paths = words("files").map((word) => {
    const path = relative(directory, place("files", word, directory)).split(sep).join("/");
    return path === "" ? "." : path;
  });
  return [...new Set(paths.flatMap((path) => trying(() => listed(directory, path))))];
}

function read(path, name) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new Refused([problem("file-missing", `cannot be read: ${error.code}`, undefined, name)]);
  }
}

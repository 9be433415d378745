// Writes statements about files: from which repository and commit this run made them.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

import { Refused, input, output, place, problem, say, summary, table, words } from "../../wasm/node/runner.mjs";
import { core, good, run, trying } from "../../wasm/node/action.mjs";
import { listed, measured } from "../../wasm/node/files.mjs";

await run(() => {
  const directory = place("directory", input("directory") || ".");
  const folder = place("output", input("output") || "provenance", directory);
  const files = [...new Set(words("files").flatMap((word) => {
    const path = relative(directory, place("files", word, directory)).split(sep).join("/") || ".";
    return trying(() => listed(directory, path));
  }))].map((path) => ({ path, digest: trying(() => measured(directory, path)).digest }));
  const request = {
    files,
    checksums: list(directory),
    repository: repository(),
    tag: input("tag"),
    version: input("version"),
    commit: process.env.GITHUB_SHA ?? "",
    epoch: input("epoch") || process.env.SOURCE_DATE_EPOCH || "",
  };
  if (input("plan") !== "") request.plan = input("plan");
  const { statements } = good(core.provenance(request));
  mkdirSync(folder, { recursive: true });
  const names = statements.map((text, index) => {
    const name = index === 0 ? "provenance.intoto.json" : `provenance-${index + 1}.intoto.json`;
    writeFileSync(join(folder, name), text);
    return relative(directory, join(folder, name)).split(sep).join("/");
  });
  const subjects = statements.flatMap((text) => JSON.parse(text).subject);
  output("files", names);
  output("count", subjects.length);
  say(`${names.length} statements about ${subjects.length} files written to ${folder}`);
  const rows = subjects.map(({ name, digest }) => [name, digest.sha256]);
  summary(`### Provenance\n\n${table(["file", "SHA-256"], rows)}`);
});

function list(directory) {
  const path = input("checksums");
  if (path === "") return "";
  try {
    return readFileSync(place("checksums", path, directory), "utf8");
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused([problem("file-missing", `cannot be read: ${error.code}`, undefined, path)]);
  }
}

function repository() {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = process.env;
  return server && name ? `${server}/${name}` : "";
}

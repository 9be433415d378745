// Describes files as SPDX documents, from what is inside of them.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";

import { Refused, input, output, place, problem, say, summary, table, words } from "../../wasm/node/runner.mjs";
import { core, good, run, trying } from "../../wasm/node/action.mjs";
import * as inspect from "../../wasm/node/inspect.mjs";
import { Release, listed, measured } from "../../wasm/node/files.mjs";

await run(() => {
  const directory = place("directory", input("directory") || ".");
  const folder = place("output", input("output") || "sbom", directory);
  const files = words("files").flatMap((word) => {
    const path = relative(directory, place("files", word, directory)).split(sep).join("/") || ".";
    return trying(() => listed(directory, path));
  });
  if (files.length === 0) {
    throw new Refused([problem("action-input", "`files` names nothing", "name what to describe")]);
  }
  const documents = [];
  for (const path of files) {
    const { text, components } = describe(directory, path);
    documents.push({ name: `${basename(path)}.spdx.json`, about: path, text, components });
  }
  const merged = input("merge") === "" ? [] : [whole(documents)];
  mkdirSync(folder, { recursive: true });
  const names = new Set();
  for (const { name, text } of [...documents, ...merged]) {
    if (names.has(name)) {
      throw new Refused([problem("action-input", `two documents would be called \`${name}\``)]);
    }
    names.add(name);
    writeFileSync(join(folder, name), text);
  }
  const inside = (name) => relative(directory, join(folder, name)).split(sep).join("/");
  output("files", documents.map(({ name }) => inside(name)));
  output("merged", merged.length > 0 ? inside(merged[0].name) : "");
  output("components", documents.reduce((sum, { components }) => sum + components, 0));
  say(`${documents.length} documents written to ${folder}`);
  const rows = [...documents, ...merged].map(({ name, about, components }) => [about, name, components]);
  summary(`### SBOMs\n\n${table(["about", "document", "components"], rows)}`);
});

function epoch() {
  return input("epoch") || process.env.SOURCE_DATE_EPOCH || "";
}

function describe(directory, path) {
  const release = new Release(directory);
  const bytes = trying(() => release.read(path, Number.MAX_SAFE_INTEGER));
  const request = {
    file: basename(path),
    digest: trying(() => measured(directory, path)).digest,
    version: input("version"),
    lock: input("lock") === "" ? "" : readFileSync(place("lock", input("lock"), directory), "utf8"),
    license: input("license"),
    repository: input("repository") || repository(),
    epoch: epoch(),
  };
  if (input("platform") !== "") request.platform = input("platform");
  const answer = inspect.sbom(request, bytes);
  // The core knows the file by its bare name.
  for (const found of answer.problems) found.location ??= { file: path, line: 0, column: 0 };
  return good(answer);
}

function whole(documents) {
  const name = input("merge");
  if (!/^[\w][\w.+-]*$/u.test(name)) {
    const message = "`merge` must be a name of letters, digits, `.`, `_`, `+` and `-`";
    throw new Refused([problem("action-input", message)]);
  }
  const texts = documents.map(({ text }) => text);
  const answer = good(core.mergeSboms({ name, documents: texts, epoch: epoch() }));
  return { name: `${name}.spdx.json`, about: "all", ...answer };
}

function repository() {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = process.env;
  return server && name ? `${server}/${name}` : "";
}

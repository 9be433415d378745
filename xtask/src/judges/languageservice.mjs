// Asks GitHub's own language service what it thinks of workflows and actions.
//
//   languageservice ROOT OWNER/NAME FILE…
//
// ROOT is the folder that `$/x`, `./x` and OWNER/NAME/x@ref stand for. One line a finding,
// `file:line:column: message`; 1 where there is any.

import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { validate } from "@actions/languageservice";
import { validateAction } from "@actions/languageservice/validate-action";
import { TextDocument } from "vscode-languageserver-textdocument";
import { parse } from "yaml";

const [root, own, ...files] = process.argv.slice(2);

const read = (path) => {
  try {
    return readFileSync(join(root, path), "utf8");
  } catch {
    return undefined;
  }
};

const metadata = (folder) => {
  const text = read(join(folder ?? "", "action.yml")) ?? read(join(folder ?? "", "action.yaml"));
  return text === undefined ? undefined : parse(text);
};

// Strangers' actions are not here: an answer without inputs leaves them unjudged.
const actionsMetadataProvider = {
  fetchActionMetadata: async (action) =>
    `${action.owner}/${action.name}` === own
      ? metadata(action.path)
      : { name: action.name, description: "" },
};

const fileProvider = {
  getFileContent: async (reference) => {
    const content = read(reference.path);
    if (content === undefined) throw new Error(`${reference.path} is not there`);
    return { name: reference.path, content };
  },
};

const language = (path) =>
  /(^|\/)action\.ya?ml$/.test(path) ? "github-actions-action" : "github-actions-workflow";

const judge = async (file) => {
  const path = relative(root, file);
  const kind = language(path);
  const document = TextDocument.create(`file:///${path}`, kind, 0, readFileSync(file, "utf8"));
  const check = kind.endsWith("-action") ? validateAction : validate;
  const found = await check(document, { actionsMetadataProvider, fileProvider });
  for (const { message, range } of found) {
    console.log(`${path}:${range.start.line + 1}:${range.start.character + 1}: ${message}`);
  }
  return found.length;
};

Promise.all(files.map(judge)).then((counts) => {
  process.exitCode = counts.some((count) => count > 0) ? 1 : 0;
});

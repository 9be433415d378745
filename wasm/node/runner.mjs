// The runner's side of an action: inputs in, outputs, annotations and the step summary out.
// Knows GitHub's files and workflow commands, and nothing of what an action does.

import { appendFileSync, realpathSync, writeSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";

/** What stops an action: problems for people. */
export class Refused extends Error {
  constructor(problems) {
    super(problems.map((problem) => problem.message).join("\n"));
    this.problems = problems;
  }
}

/** One error, as the core spells problems. */
export function problem(code, message, help, file) {
  const found = { severity: "error", code, message };
  if (help) found.help = help;
  if (file) found.location = { file, line: 0, column: 0 };
  return found;
}

/** The input called `name`, without the white space around it. */
export function input(name) {
  return (process.env[`INPUT_${name.toUpperCase()}`] ?? "").trim();
}

/** The words of a list input: commas and line breaks stand between them. */
export function words(name) {
  return input(name).split(/[,\n]/u).map((word) => word.trim()).filter((word) => word !== "");
}

/** A yes-or-no input. */
export function flag(name) {
  const text = input(name);
  if (text === "" || text === "false") return false;
  if (text === "true") return true;
  throw new Refused([
    problem("action-input", `\`${name}\` is \`${shown(text)}\`, expected \`true\` or \`false\``),
  ]);
}

/** Where relative paths start: the job's workspace. */
export function workspace() {
  return process.env.GITHUB_WORKSPACE || process.cwd();
}

/** Bytes of one part of a path, on every file system that runners have. */
const NAME_BYTES = 255;

/**
 * An input's path as an absolute one. It may point into the workspace and the runner's temporary
 * folder; a link that leaves them is followed before it is judged.
 */
export function place(name, text, from = workspace()) {
  if (text.includes("\0")) throw new Refused([outside(name, text)]);
  if (text.split(/[/\\]/u).some((part) => Buffer.byteLength(part) > NAME_BYTES)) {
    const message = `\`${name}\` is \`${shown(text)}\`, longer than a file's name may be`;
    throw new Refused([problem("action-path", message)]);
  }
  const path = isAbsolute(text) ? resolve(text) : resolve(from, text);
  const allowed = [workspace(), process.env.RUNNER_TEMP].filter(Boolean).map(real);
  if (!allowed.some((root) => within(root, real(path)))) throw new Refused([outside(name, text)]);
  return path;
}

function outside(name, text) {
  return problem(
    "action-path",
    `\`${name}\` is \`${shown(text)}\`, which lies outside of the workspace`,
    "name a path below `github.workspace` or `runner.temp`",
  );
}

function within(root, path) {
  const way = relative(root, path);
  return way === "" || (!way.startsWith(`..${sep}`) && way !== ".." && !isAbsolute(way));
}

/** The path without links, as far as it is there. */
function real(path) {
  try {
    return realpathSync.native(path);
  } catch (error) {
    const above = dirname(path);
    if (above === path || !["ENOENT", "ENOTDIR"].includes(error.code)) return path;
    return join(real(above), path.slice(above.length));
  }
}

/** Sets an output. Nothing that `value` holds can end it or start another. */
export function output(name, value) {
  const file = process.env.GITHUB_OUTPUT;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (!file) {
    tell(`${name}=${lined(text)}\n`);
    return;
  }
  // The value is already fixed, so a mark that it does not hold is safe however it is chosen; to
  // load Node's random numbers takes longer than all else that a small action does.
  let number = 0;
  while (text.includes(`end_of_value_${number}`)) number += 1;
  const mark = `end_of_value_${number}`;
  appendFileSync(file, `${name}<<${mark}\n${text}\n${mark}\n`);
}

/** Adds a folder to the PATH of later steps. */
export function addPath(folder) {
  if (process.env.GITHUB_PATH) appendFileSync(process.env.GITHUB_PATH, `${folder}\n`);
}

/** Whether the log would not take a text at once, so that Node's own stream has to wait for it. */
let slow = false;

/** Writes to the log: straight to the file, as Node's stream takes 2 ms to make. */
export function tell(text) {
  let bytes = Buffer.from(text);
  while (!slow && bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(1, bytes));
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
      slow = true;
    }
  }
  if (bytes.length > 0) process.stdout.write(bytes);
}

/** A line of the log. A foreign text in it cannot start a workflow command. */
export function say(text) {
  tell(`${lined(text)}\n`);
}

/** Further lines start with a mark of ours, and so does one that would be a command. */
function lined(text) {
  const plain = printable(text).replaceAll("\r", "\\r").replaceAll("\n", "\n  | ");
  return /^\s*(?:::|##\[)/u.test(plain) ? `| ${plain}` : plain;
}

/** Control characters, and those that turn the direction of text, are shown escaped. */
function printable(text) {
  const bad = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
  return text.replace(bad, (c) => `\\u{${c.codePointAt(0).toString(16)}}`);
}

/** The start of a foreign text. */
export function shown(text) {
  const start = Array.from(text).slice(0, 80).join("");
  return start === text ? text : `${start}…`;
}

/** One workflow command per problem, without the core: for actions that do not load it. */
export function annotation(found) {
  const data = (text) =>
    text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  const property = (text) => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
  const kind = found.severity === "warning" ? "warning" : "error";
  const file = found.location ? `file=${property(found.location.file)},` : "";
  const help = found.help ? `\nhelp: ${found.help}` : "";
  return `::${kind} ${file}title=${property(found.code)}::${data(found.message + help)}`;
}

/** Bytes of one step's summary, GitHub's own limit, with room for a closing line. */
const SUMMARY_BYTES = (1 << 20) - 200;

/** Adds Markdown to the step's summary; what would be too long is cut at a line's end. */
export function summary(markdown) {
  const file = process.env.GITHUB_STEP_SUMMARY;
  if (!file) return;
  let text = markdown.endsWith("\n") ? markdown : `${markdown}\n`;
  if (Buffer.byteLength(text) > SUMMARY_BYTES) {
    const cut = Buffer.from(text).subarray(0, SUMMARY_BYTES).toString("utf8");
    text = `${cut.slice(0, cut.lastIndexOf("\n"))}\n\n_cut: the rest is in the log_\n`;
  }
  appendFileSync(file, text);
}

/** A table; cells are foreign texts. Above `fold` rows it is folded. */
export function table(head, rows, fold = 30) {
  if (rows.length === 0) return "";
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const body = [line(head), line(head.map(() => "---"))];
  for (const row of rows) body.push(line(row.map((cell) => plain(String(cell)))));
  const whole = body.join("\n");
  if (rows.length <= fold) return `${whole}\n`;
  return `<details><summary>${rows.length} rows</summary>\n\n${whole}\n\n</details>\n`;
}

/** A foreign text that Markdown and HTML take for nothing but text. */
export function plain(text) {
  // Most cells are such words, and a table may have thousands.
  if (/^(?:[A-Za-z0-9-]*|[0-9]+(?:\.[0-9]+)*)$/u.test(text)) return text;
  const entity = (c) => `&#${c.codePointAt(0)};`;
  const words = printable(text).replace(/\s+/gu, " ").replace(/[^\p{L}\p{N} .-]/gu, entity);
  // Else it would become a link.
  return words.replace(/(?<=www)\./giu, entity);
}

/** Runs an action: what it throws becomes annotations, and the step fails. */
export async function runAction(work, annotate = annotation) {
  try {
    await work();
  } catch (error) {
    const problems = error instanceof Refused ? error.problems : [failure(error)];
    report(problems, annotate);
    process.exitCode = 1;
  }
  // All is written: to end now spares what Node would tidy up, unless its stream still waits.
  if (!slow) process.exit();
}

/** What the system refused, with the path as it was asked for; else a defect of the action. */
function failure(error) {
  if (!error?.syscall || typeof error.path !== "string") {
    return problem("action-failed", `the action failed: ${error?.message ?? error}`);
  }
  const why = /^\w+: ([^,]*)/u.exec(error.message)?.[1] ?? error.code;
  const path = within(workspace(), error.path) ? relative(workspace(), error.path) : error.path;
  return problem("file-failed", `cannot ${error.syscall} \`${shown(path)}\`: ${why}`);
}

/** Tells problems: one annotation each, and a list in the summary. */
export function report(problems, annotate = annotation) {
  for (const found of problems) tell(`${annotate(found)}\n`);
  if (problems.length === 0) return;
  const where = (found) => found.location
    ? found.location.file + (found.location.line > 0 ? `:${found.location.line}` : "")
    : "";
  const rows = problems.map((found) => [found.code, where(found), found.message, found.help ?? ""]);
  summary(`### Problems\n\n${table(["code", "location", "what is wrong", "help"], rows)}`);
}

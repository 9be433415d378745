// Checks a sealed release from its bytes.

import { readFileSync, statSync } from "node:fs";

import { Refused, input, output, place, problem, report, say, shown, summary, table } from "../../wasm/node/runner.mjs";
import { annotate, good, run } from "../../wasm/node/action.mjs";
import * as inspect from "../../wasm/node/inspect.mjs";
import { Release } from "../../wasm/node/files.mjs";

await run(() => {
  const dist = input("dist") || "dist";
  const folder = place("dist", dist);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    const message = `\`dist\` is \`${shown(dist)}\`, which is not a folder`;
    throw new Refused([problem("subject-missing", message, "download the release first")]);
  }
  const answer = inspect.verify({ key: key(), manifest: input("manifest") }, new Release(folder));
  if (!answer.report) return void good(answer);
  const { good: fits, report: found } = answer;
  output("good", fits);
  output("version", found.version);
  output("manifest", answer.manifest ?? "");
  output("report", found);
  for (const line of answer.text.split("\n")) say(line);
  const wrong = (check) => check.problems.filter(({ severity }) => severity === "error").length;
  const rows = found.checks.map((check) => [check.name, check.looked_at, wrong(check)]);
  summary(
    `### ${fits ? "Verified" : "NOT verified"}\n\n${table(["check", "looked at", "wrong"], rows)}`,
  );
  report(answer.problems, annotate);
  if (!fits) process.exitCode = answer.unknown ? 3 : 1;
});

/** The key's text: the input itself, or the file that it names. */
function key() {
  const text = input("key");
  if (text === "" || text.includes("-----BEGIN ")) return text;
  try {
    return readFileSync(place("key", text), "utf8");
  } catch (error) {
    if (error instanceof Refused) throw error;
    const message = `\`key\` names a file that cannot be read: ${error.code}`;
    throw new Refused([problem("key-unreadable", message)]);
  }
}

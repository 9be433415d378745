// Plans this repository's release for the jobs that follow.

import { readFileSync, statSync } from "node:fs";

import { Refused, flag, input, output, place, problem, say, shown, summary, table } from "../../wasm/node/runner.mjs";
import { core, good, run } from "../../wasm/node/action.mjs";
import { Tree } from "../../wasm/node/tree.mjs";

await run(() => {
  const { "dry-run": dryRun } = good(core.guard({
    event: process.env.GITHUB_EVENT_NAME ?? "",
    payload: payload(),
    ref: process.env.GITHUB_REF ?? "",
    runner: process.env.RUNNER_ENVIRONMENT ?? "",
    "self-hosted": flag("self-hosted"),
    publish: flag("publish"),
  }));
  const planned = good(core.plan({
    packages: input("packages"),
    formats: input("formats"),
    platforms: input("platforms"),
    "max-legs": input("max-legs"),
    "tag-version": input("tag-version"),
    ...event(),
  }, tree(input("directory") || ".")));
  const { plan, matrix, legs, version, tag, prerelease, packages, formats, units } = planned;
  const outputs = {
    plan, matrix, legs, version, tag, "tag-version": planned["tag-version"], prerelease, packages,
    formats,
  };
  for (const [name, value] of Object.entries({ ...outputs, "dry-run": dryRun })) output(name, value);
  say(`plan ${plan}: ${version}, ${units.length} units in ${legs} legs`);
  const rows = units.map((unit) => [unit.package, unit.format, unit.platform ?? "all", unit.version]);
  summary(
    `### Plan of ${tag.replace(/[^\w.+-]/gu, "_")}\n\n${units.length} units in ${legs} legs` +
      `${dryRun ? dryRunOf() : ""}. Digest: \`${plan}\`\n\n` +
      table(["package", "format", "platform", "version"], rows),
  );
});

/** Why nothing is published. */
function dryRunOf() {
  const event = shown(process.env.GITHUB_EVENT_NAME ?? "");
  return `, a dry run: \`${event}\` of no tag publishes nothing unless \`publish: true\` asks`;
}

/** The tag whose push or release started the run. */
function event() {
  if (process.env.GITHUB_REF_TYPE !== "tag") return {};
  return {
    "event-tag": process.env.GITHUB_REF_NAME ?? "",
    "event-commit": process.env.GITHUB_SHA ?? "",
  };
}

/** What GitHub says about the event; the core judges what is missing. */
function payload() {
  // Only then it is looked into, and one of a push may be large.
  if (process.env.GITHUB_EVENT_NAME !== "pull_request" && !flag("publish")) return "";
  try {
    return readFileSync(process.env.GITHUB_EVENT_PATH ?? "", "utf8");
  } catch {
    return "";
  }
}

function tree(directory) {
  const folder = place("directory", directory);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    const message = `\`directory\` is \`${shown(directory)}\`, which is not a folder`;
    throw new Refused([problem("tree-missing", message, "check the repository out first")]);
  }
  return new Tree(folder);
}

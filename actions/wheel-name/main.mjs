// Takes the names of wheels apart, or makes one.

import { Refused, input, output, problem, say, summary, table } from "../../wasm/node/runner.mjs";
import { core, good, run } from "../../wasm/node/action.mjs";

await run(() => {
  if (input("files") !== "" && input("name") !== "") {
    const message = "`files` and `name` are given";
    throw new Refused([problem("action-input", message, "give `files`, or `name` with `version`")]);
  }
  if (input("files") === "") return made();
  const { wheels } = good(core.wheelName({ parse: { files: input("files") } }));
  output("wheels", wheels);
  for (const wheel of wheels) say(`${wheel.file}: ${wheel.name} ${wheel.version}`);
  const rows = wheels.map((wheel) => [wheel.name, wheel.version, wheel.tags.join(" ")]);
  summary(`### Wheels\n\n${table(["name", "version", "tags"], rows)}`);
});

function made() {
  const words = ["name", "version", "build", "pythons", "abis", "platforms"];
  const build = Object.fromEntries(words.map((word) => [word, input(word)]));
  const { file } = good(core.wheelName({ build }));
  const { wheels } = good(core.wheelName({ parse: { files: [file] } }));
  output("file", file);
  output("wheels", wheels);
  say(file);
  summary(`### Wheel\n\n${table(["file"], [[file]])}`);
}

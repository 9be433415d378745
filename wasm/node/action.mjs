// What the actions with a core have in common: they run, ask, and tell.

import * as core from "./core.mjs";
import { Refused, annotation, report, runAction } from "./runner.mjs";

/** Runs an action's work; its problems are annotated by the core, so that all actions tell alike. */
export function run(work) {
  return runAction(work, annotate);
}

/** The answer, when nothing stops the work; its warnings are told. */
export function good(answer) {
  if (core.failed(answer)) throw new Refused(answer.problems);
  report(answer.problems, annotate);
  return answer;
}

/** What a function throws as the text of a problem, as a refusal. */
export function trying(work) {
  try {
    return work();
  } catch (error) {
    if (typeof error !== "string") throw error;
    throw new Refused([JSON.parse(error)]);
  }
}

export function annotate(found) {
  try {
    return core.annotations([found]);
  } catch {
    // Without a core, which is then the very problem.
    return annotation(found);
  }
}

export { core };

import type { AnswerFacts, Judged, Need } from "../answer/answer-input.ts";
import { countNoun } from "../text/number-text.ts";
import type { NextStep } from "./answer-data.ts";
import { countUnits, MIN_TASKS, MOST } from "./answer-words.ts";

/** What to do next. */
export function nextOf(judged: Judged): NextStep {
  const { input, need } = judged;
  const { facts } = input;
  if (facts.isAgainstItself)
    return step("Nothing: compare the baseline with another provider next.");
  if (need === null) return step("Nothing: more tasks only make the interval narrower.");
  if (need === "known costs") return knowCosts(facts);
  const isUsable = need !== "comparable costs" && need !== "trusted data";
  return (isUsable ? restOf(facts) : null) ?? toMeet(need, judged);
}

function toMeet(need: Exclude<Need, "known costs">, judged: Judged): NextStep {
  const { facts } = judged.input;
  if (need === "comparable costs") return facts.measure === "meter" ? ONE_METER : PRICES;
  if (need === "solved tasks") return facts.isManual ? EASIER_TASKS : CHECK_TASKS;
  if (need === "more tasks") {
    return addTasks(facts, `Add about ${countUnits(facts, judged.more.tasks ?? 0)}`);
  }
  if (need === "complete tasks" && facts.hasFailedProvider === true) {
    const again = `${facts.command} --retry-missing`;
    return step("Mend what failed, then work the missing windows again", again);
  }
  return need === "complete tasks" || need === "spread"
    ? addTasks(facts, `Add tasks until ${MIN_TASKS} are complete`)
    : step(STEPS[need]);
}

const PRICES = step(
  "Give every model a price, so that dollars are compared",
  "experiment prices list",
);
const ONE_METER = step("Measure windows of one plan and limit, or give each plan a price.");
const EASIER_TASKS = step("Choose easier tasks.");
const CHECK_TASKS = step("See whether the tasks can be solved", "experiment task check");

const STEPS = {
  "trusted data": "Find out what is wrong, and register another experiment.",
  "possible values": "Correct or undo the window whose value is impossible, then run again.",
  "no doubt": "Remove the doubt, then run again: see what is missing or wrong.",
  "larger difference": `Stop here, or change the question: the difference is too small for ${MOST} more tasks.`,
};

/** A lower bound stays one, however many tasks follow. */
function knowCosts(facts: AnswerFacts): NextStep {
  if (facts.isWorking === true && !facts.isCapped) {
    return step(
      "Let the window end that is being worked, or continue",
      `${facts.command} --resume`,
    );
  }
  return facts.unpriced === undefined
    ? step("Begin another experiment in which every cost is known: this one can't end with yes.")
    : priceModel(facts.unpriced, facts);
}

/** Null if no window lacks anything. */
function restOf(facts: AnswerFacts): NextStep | null {
  const { isManual, openTasks, command, isBudgetSpent = false, unpricedModel } = facts;
  if (openTasks === 0) {
    return isBudgetSpent
      ? step("Work the windows again with a larger budget", `${command} --retry-missing`)
      : null;
  }
  if (unpricedModel !== undefined) return priceModel(unpricedModel, facts);
  const left = `${isBudgetSpent ? "with a larger budget " : ""}(${countNoun(openTasks, "task")} to go)`;
  return isManual
    ? step(`Complete the windows that are open ${left}.`)
    : step(`Continue ${left}`, `${command} --resume`);
}

/** Other prices ask another question if dollars are compared. */
function priceModel(model: string, { measure, command, openTasks }: AnswerFacts): NextStep {
  const price = `Give ${model} a price under "prices"`;
  return measure === "usd"
    ? step(`${price}, then begin another experiment`, command)
    : step(
        `${price}, then continue (${countNoun(openTasks, "task")} to go)`,
        `${command} --resume`,
      );
}

function addTasks(facts: AnswerFacts, text: string): NextStep {
  // The rehearsal always has the same tasks.
  if (facts.isRehearsal)
    return step("The rehearsal ends here. Compare your own agents", "experiment init");
  if (facts.isManual) return step(`${text}: work each with both providers.`);
  return { text, hint: "experiment task import makes some", command: facts.extendCommand };
}

function step(text: string, command: string | null = null): NextStep {
  return { text, hint: null, command };
}

/** A step before its command, which a screen may show on lines of its own. */
export function leadOfNext({ text, hint, command }: NextStep, hasHint = true): string {
  if (command === null) return text;
  if (hint === null) return `${text}:`;
  return hasHint ? `${text} (${hint}), then:` : `${text}, then:`;
}

/** A whole step in one text. */
export function joinNext(next: NextStep): string {
  return next.command === null ? leadOfNext(next) : `${leadOfNext(next)} ${next.command}`;
}

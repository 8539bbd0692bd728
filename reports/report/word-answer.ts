import type { AnswerFacts, DoubtKind, Entered, Judged } from "../answer/answer-input.ts";
import { LOWER_BOUND } from "../text/hold-text.ts";
import { formatCount } from "../text/number-text.ts";
import type { Answer } from "./answer-data.ts";
import { joinNext, nextOf } from "./answer-next.ts";
import {
  sayCost,
  sayFailures,
  sayHowSure,
  sayQuality,
  saySentence,
  sayUsd,
} from "./answer-words.ts";

/** An answer with its words. It needs no files and no clock, so a browser can word it again. */
export function wordAnswer(judged: Judged): Answer {
  const { input, found, level, verdict, cheaper, asGood, more } = judged;
  const { facts, data, qualityMin } = input;
  const { cost, quality } = found;
  const costs = facts.isComparable ? cost : { ratio: null, interval: null };
  const [lower, upper] = costs.interval ?? [null, null];
  const known = { level, validity: "anytime-valid" } as const;
  const next = nextOf(judged);
  return {
    candidate: data.candidate,
    baseline: data.baseline,
    verdict,
    is_cheaper: cheaper.verdict,
    is_as_good: asGood.verdict,
    sentence: saySentence(judged),
    how_sure: sayHowSure(judged),
    cost: {
      ratio: costs.ratio,
      lower,
      upper,
      ...known,
      kind: "two-sided",
      text: sayCost(judged),
    },
    quality: {
      ratio: quality.ratio,
      lower: quality.units === 0 ? null : quality.lower,
      upper: Number.isFinite(quality.upper) ? quality.upper : null,
      ...known,
      kind: "one-sided",
      margin: qualityMin,
      text: sayQuality(judged),
    },
    missing_or_wrong: listMissing(judged),
    to_decide: joinNext(next),
    more_tasks: more.tasks,
    more_usd: more.usd,
    more_tokens: more.tokens,
    cost_of_run: { ...facts.costOfRun, text: sayRun(facts) },
    next,
  };
}

function listMissing({ input, found, doubts }: Judged): readonly string[] {
  const { facts, data } = input;
  const { isScripted, isComparable, measure, openTasks, remarks } = facts;
  return [
    ...(found.quality.isNothing ? [NEITHER_SOLVED] : []),
    ...doubts.flatMap((kind) => sayDoubt(kind, input)),
    ...(isComparable ? [] : [measure === "meter" ? OTHER_METERS : OTHER_TOKENS]),
    ...(facts.regressions === 0 ? [] : [`${sayFailures(facts, data)}.`]),
    ...(openTasks === 0 ? [] : [`Planned tasks that have not been run: ${openTasks}.`]),
    ...(isScripted ? ["The model was scripted: this says nothing about a real one."] : []),
    ...remarks,
  ];
}

const NEITHER_SOLVED = "Neither solved a task: the tasks may be too hard or their setup broken.";
const OTHER_METERS = "Costs can't be compared: the readings don't show one plan and limit.";
const OTHER_TOKENS = "Costs can't be compared: the providers' vendors count tokens differently.";

function sayDoubt(kind: DoubtKind, { facts, missing, attempts }: Judged["input"]) {
  if (kind === "distrust") return facts.distrust;
  if (kind === "missing") return [sayMissing(missing)];
  return [kind === "attempts" ? sayAttempts(attempts) : DOUBTS[kind]];
}

const DOUBTS: Readonly<Record<Exclude<DoubtKind, "distrust" | "missing" | "attempts">, string>> = {
  capped: LOWER_BOUND,
  constant: "The cost ratios don't vary at all, as if data had been replayed.",
  carryover: "The first window of a pair changes the cost of the second one (carry-over).",
  dear_in_all: "A typical task is cheaper, but all tasks together are not: a few are very dear.",
};

function sayMissing({ entered, unknown }: Entered): string {
  return unknown > 0
    ? `Windows are missing, and what ${unknown} of them cost is not known, or is a lower bound.`
    : `If the ${entered} missing windows count at their cost, and as failed, it is not shown.`;
}

function sayAttempts({ entered, unknown }: Entered): string {
  return unknown > 0
    ? `Windows were tried again, and what ${unknown} of them cost in all is not known, or is a lower bound.`
    : `If all attempts at the ${entered} windows that were tried again count, it is not shown.`;
}

const UNCOUNTED = "n/a (not every window's tokens were counted)";

function sayRun({ costOfRun: { tokens, usd }, dollarsLack, isUntold }: AnswerFacts): string {
  if (tokens === null) return usd === null ? UNCOUNTED : `${sayUsd(usd)}, tokens ${UNCOUNTED}`;
  const counted = `${isUntold === true ? "at least " : ""}${formatCount(tokens)} tokens`;
  if (usd !== null) return `${sayUsd(usd)}, ${counted}`;
  return `${counted} (${dollarsLack ?? "dollars n/a: no prices"})`;
}

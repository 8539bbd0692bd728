import type { CandidateInput } from "../statistics/candidate/analyse-candidate.ts";
import {
  type AnytimeComparison,
  compareAtAnyTime,
} from "../statistics/candidate/compare-at-any-time.ts";
import type { Answer, Verdict } from "./answer-data.ts";
import type { AnswerFacts, AnswerInput, Entered, Half, Judged } from "./answer-input.ts";
import {
  sayCost,
  sayFailures,
  sayHowSure,
  sayQuality,
  saySentence,
  sayToDecide,
  sayUsd,
} from "./answer-words.ts";

/** Carry-over within features is improbable below this; the gates hold at the same value. */
const CARRYOVER_ALPHA = 0.01;

/**
 * Is the candidate cheaper than the baseline, and as good?
 *
 * Only figures that hold at every look decide: cost by the two-sided interval of baseline ÷ candidate,
 * which has to leave out 1, and quality by the bets on at least the required share. Fixed-n intervals
 * never decide, not even when every planned pair is there. Each look has been shown, and an answer of
 * "can't tell yet" names the tasks to add, so the planned end is one look of many.
 *
 * "Yes" needs both halves. It is wrong with a probability of at most alpha: one of the halves is false
 * then, and each is held to alpha. With several candidates each has an equal part of alpha.
 */
export function answerQuestion(input: AnswerInput): Answer {
  const judged = judgeQuestion(input);
  const { found, level, verdict, cheaper, asGood, doubts, moreTasks } = judged;
  const { baseline, candidate } = input.data;
  const { facts, qualityMin } = input;
  const { cost, quality } = found;
  const costs = facts.isComparable ? cost : { ratio: null, interval: null };
  const [lower, upper] = costs.interval ?? [null, null];
  const perTask = found.units === 0 ? null : (moreTasks ?? 0) / found.units;
  const times = (amount: number | null) =>
    amount === null || perTask === null || moreTasks === null ? null : amount * perTask;
  const more = { more_usd: times(facts.spent.usd), more_tokens: times(facts.spent.tokens) };
  const known = { level, validity: "anytime-valid" } as const;
  return {
    candidate,
    baseline,
    verdict,
    is_cheaper: cheaper.verdict,
    is_as_good: asGood.verdict,
    sentence: saySentence(judged, more),
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
    missing_or_wrong: [
      ...(quality.isNothing ? [NEITHER_SOLVED] : []),
      ...doubts,
      ...remarksOf(facts, input.data),
      ...facts.remarks,
    ],
    to_decide: sayToDecide(judged),
    more_tasks: moreTasks,
    ...more,
    cost_of_run: { ...facts.costOfRun, text: sayRun(facts.costOfRun) },
  };
}

function judgeQuestion(input: AnswerInput): Judged {
  const alpha = input.alpha / Math.max(1, input.candidates);
  const found = compareAtAnyTime(input.data, { alpha, qualityMin: input.qualityMin });
  const doubts = findDoubts(input, found, alpha);
  const cheaper = halfOf(shownCost(input, found), doubts.cost, {
    extra: found.cost.extra,
    towards: (found.cost.ratio ?? 0) > 1 ? "yes" : "no",
  });
  const asGood = halfOf(shownQuality(found), doubts.quality, {
    extra: found.quality.extra,
    towards: found.quality.isBetter ? "yes" : "no",
  });
  const isSame = input.facts.isAgainstItself;
  const verdict = isSame ? "unknown" : both(cheaper.verdict, asGood.verdict);
  const isUndone = isSame || verdict !== "unknown" || doubts.blocking;
  return {
    input,
    found,
    level: 1 - alpha,
    cheaper: isSame ? { ...cheaper, verdict: "unknown" } : cheaper,
    asGood,
    verdict,
    doubts: [...new Set([...doubts.cost, ...doubts.quality].map(({ text }) => text))],
    moreTasks: isUndone ? (verdict === "unknown" ? null : 0) : tasksToDecide(cheaper, asGood),
  };
}

/** Either half can say no; both have to say yes. */
function both(one: Verdict, other: Verdict): Verdict {
  if (one === "no" || other === "no") return "no";
  return one === "yes" && other === "yes" ? "yes" : "unknown";
}

function shownCost({ facts }: AnswerInput, { cost: { interval } }: AnytimeComparison): Verdict {
  if (!facts.isComparable || interval === null) return "unknown";
  const [lower, upper] = interval;
  if (lower > 1) return "yes";
  return upper < 1 ? "no" : "unknown";
}

function shownQuality({ quality }: AnytimeComparison): Verdict {
  if (quality.isKept === quality.isLost) return "unknown";
  return quality.isKept ? "yes" : "no";
}

interface Doubt {
  readonly text: string;
  /** Whether it speaks against "no" too; by default only against "yes". */
  readonly ofBoth?: boolean;
}

function halfOf(
  shown: Verdict,
  doubts: readonly Doubt[],
  { extra, towards }: Pick<Half, "extra" | "towards">,
): Half {
  const isDoubted = doubts.some(({ ofBoth }) => ofBoth === true || shown === "yes");
  return { verdict: isDoubted ? "unknown" : shown, shown, extra, towards };
}

interface Doubts {
  readonly cost: readonly Doubt[];
  readonly quality: readonly Doubt[];
  /** More tasks like these would not remove them. */
  readonly blocking: boolean;
}

/** What keeps figures from deciding. The gates' holds do the same, at the gates' own cost target. */
function findDoubts(input: AnswerInput, found: AnytimeComparison, alpha: number): Doubts {
  const { facts, missing, attempts } = input;
  const distrust = facts.distrust.map((text): Doubt => ({ text, ofBoth: true }));
  const isCheaper = shownCost(input, found) === "yes";
  const isAsGood = shownQuality(found) === "yes";
  const gone = enteredDoubts(input, missing, { alpha, isCheaper, isAsGood });
  const again = enteredDoubts(input, attempts, { alpha, isCheaper, isAsGood: false });
  const own = ownDoubts(input, found);
  const isDearInAll = isCheaper && (found.cost.totalsRatio ?? 0) <= 1;
  const cost = [
    ...distrust,
    ...own,
    ...(isDearInAll ? [DEAR_IN_ALL] : []),
    ...(gone.cost ? [{ text: sayMissing(missing) }] : []),
    ...(again.cost ? [{ text: sayAttempts(attempts) }] : []),
  ];
  const quality = [...distrust, ...(gone.quality ? [{ text: sayMissing(missing) }] : [])];
  const blocking = distrust.length > 0 || own.length > 0 || !facts.isComparable;
  return { cost, quality, blocking: blocking || found.problem !== null };
}

/** Doubts about the pairs that count, whatever the figures say. */
function ownDoubts({ facts }: AnswerInput, { cost, carryoverP }: AnytimeComparison) {
  return [
    ...(facts.isCapped ? [CAPPED] : []),
    ...(cost.isConstant ? [CONSTANT] : []),
    ...(carryoverP !== null && carryoverP < CARRYOVER_ALPHA ? [CARRYOVER] : []),
  ];
}

const CAPPED: Doubt = {
  text: "A budget stopped a window that counts, so its true cost is not known.",
  ofBoth: true,
};
const CONSTANT: Doubt = {
  text: "The cost ratios don't vary at all, as if data had been replayed.",
  ofBoth: true,
};
const CARRYOVER: Doubt = {
  text: "The first window of a pair changes the cost of the second one (carry-over).",
  ofBoth: true,
};
const DEAR_IN_ALL: Doubt = {
  text: "A typical task is cheaper, but all tasks together are not: a few are very dear.",
};

interface Shown {
  readonly alpha: number;
  readonly isCheaper: boolean;
  readonly isAsGood: boolean;
}

/** Whether a "yes" is lost when the entered windows count. */
function enteredDoubts(input: AnswerInput, other: Entered, shown: Shown) {
  const { entered, unknown, windows } = other;
  const { alpha, isCheaper, isAsGood } = shown;
  if ((entered === 0 && unknown === 0) || !(isCheaper || isAsGood)) {
    return { cost: false, quality: false };
  }
  if (unknown > 0) return { cost: isCheaper, quality: isAsGood };
  const found = compareAtAnyTime(
    { ...input.data, windows },
    { alpha, qualityMin: input.qualityMin },
  );
  return {
    cost: isCheaper && shownCost(input, found) !== "yes",
    quality: isAsGood && shownQuality(found) !== "yes",
  };
}

function sayMissing({ entered, unknown }: Entered): string {
  return unknown > 0
    ? `Windows are missing, and what ${unknown} of them cost is not known.`
    : `If the ${entered} missing windows count at their cost, and as failed, it is not shown.`;
}

function sayAttempts({ entered, unknown }: Entered): string {
  return unknown > 0
    ? `Windows were tried again, and what ${unknown} of them cost in all is not known.`
    : `If all attempts at the ${entered} windows that were tried again count, it is not shown.`;
}

/** "Yes" comes with the later half, and "no" with the first half that says so. */
function tasksToDecide(cheaper: Half, asGood: Half): number | null {
  const open = [cheaper, asGood].filter(({ shown }) => shown === "unknown");
  const against = open.filter(({ towards }) => towards === "no");
  const extras = (against.length > 0 ? against : open).map(({ extra }) => extra);
  const known = extras.filter((extra) => extra !== null).map((extra) => Math.max(1, extra));
  if (against.length > 0) return known.length === 0 ? null : Math.min(...known);
  return known.length === 0 || known.length < extras.length ? null : Math.max(...known);
}

function remarksOf(facts: AnswerFacts, data: CandidateInput): readonly string[] {
  const { isScripted, isComparable, measure, openTasks } = facts;
  return [
    ...(isComparable ? [] : [measure === "meter" ? OTHER_METERS : OTHER_TOKENS]),
    ...(facts.regressions === 0 ? [] : [`${sayFailures(facts, data)}.`]),
    ...(openTasks === 0 ? [] : [`Planned tasks that have not been run: ${openTasks}.`]),
    ...(isScripted ? ["The model was scripted: this says nothing about a real one."] : []),
  ];
}

const NEITHER_SOLVED = "Neither solved a task: the tasks may be too hard or their setup broken.";
const OTHER_METERS = "Costs can't be compared: the readings don't show one plan and limit.";
const OTHER_TOKENS = "Costs can't be compared: the providers' vendors count tokens differently.";

const UNCOUNTED = "n/a (not every window's tokens were counted)";

function sayRun({ tokens, usd }: AnswerFacts["costOfRun"]): string {
  if (tokens === null) return usd === null ? UNCOUNTED : `${sayUsd(usd)}, tokens ${UNCOUNTED}`;
  const counted = `${tokens.toFixed(0).replaceAll(/\B(?=(?:\d{3})+$)/gu, ",")} tokens`;
  return usd === null ? `${counted} (dollars n/a: no prices)` : `${sayUsd(usd)}, ${counted}`;
}

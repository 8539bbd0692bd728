import {
  type AnytimeComparison,
  compareAtAnyTime,
} from "../statistics/candidate/compare-at-any-time.ts";
import type {
  AnswerInput,
  DoubtKind,
  Entered,
  Half,
  Judged,
  Need,
  Verdict,
} from "./answer-input.ts";

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
export function answerQuestion(input: AnswerInput): Judged {
  const alpha = input.alpha / Math.max(1, input.candidates);
  const found = compareAtAnyTime(input.data, { alpha, qualityMin: input.qualityMin });
  const { cost, quality, blocking } = findDoubts(input, found, alpha);
  const cheaper = halfOf(shownCost(input, found), cost, {
    extra: found.cost.extra,
    towards: (found.cost.ratio ?? 0) > 1 ? "yes" : "no",
  });
  const asGood = halfOf(shownQuality(found), quality, {
    extra: found.quality.extra,
    towards: found.quality.isBetter ? "yes" : "no",
  });
  const isSame = input.facts.isAgainstItself;
  const verdict = isSame ? "unknown" : both(cheaper.verdict, asGood.verdict);
  const isUndone = isSame || verdict !== "unknown" || blocking;
  const undone = verdict === "unknown" ? null : 0;
  const moreTasks = isUndone ? undone : tasksToDecide(input, cheaper, asGood);
  const doubts = [...new Set([...cost, ...quality].map(({ kind }) => kind))];
  return {
    input,
    found,
    level: 1 - alpha,
    cheaper: isSame ? { ...cheaper, verdict: "unknown" } : cheaper,
    asGood,
    verdict,
    doubts,
    need: verdict === "unknown" ? needOf(input, found, { moreTasks, doubts }) : null,
    more: effortOf(input, found, moreTasks),
  };
}

/** Whether a "yes" would have to survive costs that nobody knows. More tasks don't change that. */
function hasUnknownCost({ missing, attempts }: AnswerInput): boolean {
  return missing.unknown > 0 || attempts.unknown > 0;
}

function needOf(
  input: AnswerInput,
  found: AnytimeComparison,
  { moreTasks, doubts }: { readonly moreTasks: number | null } & Pick<Judged, "doubts">,
): Need {
  const { facts } = input;
  if (!facts.isComparable) return "comparable costs";
  if (facts.distrust.length > 0) return "trusted data";
  if (found.problem !== null) return "possible values";
  if (found.units === 0) return "complete tasks";
  if (found.quality.isNothing) return "solved tasks";
  if (moreTasks !== null) return "more tasks";
  if (doubts.includes("capped") || hasUnknownCost(input)) return "known costs";
  if (doubts.length > 0) return "no doubt";
  return found.cost.hasSpread ? "larger difference" : "spread";
}

/** More tasks take what those so far took, one with another. */
function effortOf(
  { facts: { spent } }: AnswerInput,
  { units }: AnytimeComparison,
  tasks: number | null,
): Judged["more"] {
  const share = units === 0 || tasks === null ? null : tasks / units;
  const times = (amount: number | null) =>
    amount === null || share === null ? null : amount * share;
  return { tasks, usd: times(spent.usd), tokens: times(spent.tokens) };
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
  readonly kind: DoubtKind;
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
  const distrust: readonly Doubt[] =
    facts.distrust.length === 0 ? [] : [{ kind: "distrust", ofBoth: true }];
  const shown = shownCost(input, found);
  const isAsGood = shownQuality(found) === "yes";
  const gone = enteredDoubts(input, missing, { alpha, cost: shown, isAsGood });
  const again = enteredDoubts(input, attempts, { alpha, cost: shown, isAsGood: false });
  const own = ownDoubts(input, found);
  const isDearInAll = shown === "yes" && (found.cost.totalsRatio ?? 0) <= 1;
  const cost = [
    ...distrust,
    ...own,
    ...doubtIf("dear_in_all", isDearInAll),
    ...doubtIf("missing", gone.cost),
    ...doubtIf("attempts", again.cost),
  ];
  const quality = [...distrust, ...doubtIf("missing", gone.quality)];
  const blocking = distrust.length > 0 || own.length > 0 || !facts.isComparable;
  return { cost, quality, blocking: blocking || found.problem !== null };
}

/** Doubts about the pairs that count, whatever the figures say. */
function ownDoubts({ facts }: AnswerInput, { cost, carryoverP }: AnytimeComparison) {
  const found = [
    ...doubtIf("capped", facts.isCapped),
    ...doubtIf("constant", cost.isConstant),
    ...doubtIf("carryover", carryoverP !== null && carryoverP < CARRYOVER_ALPHA),
  ];
  return found.map((doubt) => ({ ...doubt, ofBoth: true }));
}

function doubtIf(kind: DoubtKind, isSo: boolean): readonly Doubt[] {
  return isSo ? [{ kind }] : [];
}

interface Shown {
  readonly alpha: number;
  readonly cost: Verdict;
  readonly isAsGood: boolean;
}

/** Whether a "yes" is lost when the entered windows count. */
function enteredDoubts(input: AnswerInput, other: Entered, shown: Shown) {
  const { entered, unknown, windows } = other;
  const { alpha, isAsGood } = shown;
  const isCheaper = shown.cost === "yes";
  if (unknown > 0) return { cost: shown.cost !== "no", quality: isAsGood };
  if (entered === 0 || !(isCheaper || isAsGood)) return { cost: false, quality: false };
  const found = compareAtAnyTime(
    { ...input.data, windows },
    { alpha, qualityMin: input.qualityMin },
  );
  return {
    cost: isCheaper && shownCost(input, found) !== "yes",
    quality: isAsGood && shownQuality(found) !== "yes",
  };
}

/** "Yes" comes with the later half, and "no" with the first half that says so. */
function tasksToDecide(input: AnswerInput, cheaper: Half, asGood: Half): number | null {
  const open = [cheaper, asGood].filter(({ shown }) => shown === "unknown");
  const against = open.filter(({ towards }) => towards === "no");
  const extras = (against.length > 0 ? against : open).map(({ extra }) => extra);
  const known = extras.filter((extra) => extra !== null).map((extra) => Math.max(1, extra));
  if (against.length > 0) return known.length === 0 ? null : Math.min(...known);
  if (hasUnknownCost(input)) return null;
  return known.length === 0 || known.length < extras.length ? null : Math.max(...known);
}

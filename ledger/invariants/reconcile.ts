import { NO_USAGE, sumUsage, type Usage } from "../domain/usage.ts";
import { differenceShare, diverges } from "./divergence.ts";
import { type LaneUsage, sharedLane, type SourceLanes } from "./source-coverage.ts";

/** A class of tokens that two sources may both state. Cache writes are one: few sources divide them. */
export const COMPARED_CLASSES = [
  "input_uncached",
  "cache_read",
  "cache_write",
  "output",
  "reasoning",
] as const;
export type ComparedClass = (typeof COMPARED_CLASSES)[number];

/** The classes of input, whose sum is compared if one side does not divide its input. */
const INPUT_CLASSES: readonly ComparedClass[] = ["input_uncached", "cache_read", "cache_write"];

/** Two counts of the same tokens. */
interface ClassDifference extends ClassCounts {
  /** As a share of the larger count, below 0 if the source has less. */
  readonly difference: number;
  /** It differs too much, and matters to what the window costs. */
  readonly isDivergent: boolean;
}

interface ClassCounts {
  /** `input`: the classes of input together, because one side does not divide them. */
  readonly class: ComparedClass | "input";
  readonly reference: number;
  readonly source: number;
}

/** How two counts agree in the classes that both state. */
interface UsageComparison {
  readonly classes: readonly ClassDifference[];
  /** Tokens of all compared classes; reasoning is a part of output, and not added to it. */
  readonly reference: number;
  readonly source: number;
  /** The difference as a share of the larger count; null if there is nothing to compare. */
  readonly difference: number | null;
  /** The tokens in all differ too much, or those of a class. */
  readonly isDivergent: boolean;
}

/** How a source agrees with the reference in what both of them cover. */
export interface SourceComparison extends UsageComparison {
  /** `main`: one of them leaves sub-agents out. null: no lane is covered by both, and nothing is compared. */
  readonly lane: "all" | "main" | null;
}

/**
 * Compares a source with the reference of a window, in the lanes and classes that both state (invariant 6).
 * @param share - Counts that differ by more than this share of the larger are divergent.
 */
export function compareSources(
  { reference, source }: { readonly reference: SourceLanes; readonly source: SourceLanes },
  share: number,
): SourceComparison {
  const lane = sharedLane(reference, source);
  const isUndivided = reference.isInputUndivided === true || source.isInputUndivided === true;
  const [one, other] = [reference, source].map(({ lanes }) =>
    lane === null ? NO_USAGE : usageIn(lanes, lane),
  );
  const usages = { reference: one ?? NO_USAGE, source: other ?? NO_USAGE };
  return { lane, ...compareUsages(usages, { share, isUndivided }) };
}

/** Compares two counts of the same requests in the classes that both state. */
export function compareUsages(
  { reference, source }: { readonly reference: Usage; readonly source: Usage },
  { share, isUndivided = false }: { readonly share: number; readonly isUndivided?: boolean },
): UsageComparison {
  const counts = classesOf([reference, source], isUndivided ? UNDIVIDED : COMPARED_CLASSES);
  const added = counts.filter((one) => one.class !== "reasoning");
  const sums = { counted: sumOf(added, "reference"), reported: sumOf(added, "source") };
  const classes = judgeClasses(counts, share);
  return {
    classes,
    reference: sums.counted,
    source: sums.reported,
    difference: added.length === 0 ? null : differenceShare(sums),
    isDivergent: diverges(sums, share) || classes.some(({ isDivergent }) => isDivergent),
  };
}

/**
 * What a token costs relative to one of uncached input, about as in the vendors' price lists. Reasoning is paid as a part
 * of output.
 */
const COSTS: Readonly<Record<ClassCounts["class"], number>> = {
  input: 1,
  input_uncached: 1,
  cache_read: 0.1,
  cache_write: 1.25,
  output: 5,
  reasoning: 0,
};

/** A class is not judged by fewer tokens: sources count a title or a cut answer in their own ways. */
const TOKENS_MIN = 100;
/** A class is not judged by a smaller share of what the window costs. */
const COST_SHARE_MIN = 0.01;

function judgeClasses(counts: readonly ClassCounts[], share: number): readonly ClassDifference[] {
  const costOf = (side: "reference" | "source") =>
    counts.reduce((sum, one) => sum + one[side] * COSTS[one.class], 0);
  const noticed = COST_SHARE_MIN * Math.max(costOf("reference"), costOf("source"));
  return counts.map((one) => {
    const both = { counted: one.reference, reported: one.source };
    const apart = Math.abs(one.reference - one.source);
    const matters = apart >= TOKENS_MIN && apart * COSTS[one.class] > noticed;
    const isDivergent = matters && diverges(both, share);
    return { ...one, difference: differenceShare(both), isDivergent };
  });
}

/** The classes that differ too much, as the row of a divergence has them; it has none if only the sum does. */
export function divergentClasses(classes: readonly ClassDifference[]): {
  readonly classes?: readonly ClassCounts[];
} {
  const found = classes.filter(({ isDivergent }) => isDivergent);
  if (found.length === 0) return {};
  return {
    classes: found.map(({ class: name, reference, source }) => ({
      class: name,
      reference,
      source,
    })),
  };
}

function sumOf(counts: readonly ClassCounts[], side: "reference" | "source"): number {
  return counts.reduce((sum, one) => sum + one[side], 0);
}

/** The usage of the lanes that are compared. */
export function usageIn(lanes: LaneUsage, lane: "all" | "main"): Usage {
  const own = lane === "main" ? [lanes.get("main")] : [...lanes.values()];
  return sumUsage(own.filter((usage) => usage !== undefined));
}

const UNDIVIDED = ["input", "output", "reasoning"] as const;

function classesOf(
  [one, other]: readonly [Usage, Usage],
  names: readonly ClassCounts["class"][],
): readonly ClassCounts[] {
  return names.flatMap((name): readonly ClassCounts[] => {
    const [first, second] = [statedIn(name, one, other), statedIn(name, other, one)];
    if (first === undefined || second === undefined) return [];
    return [{ class: name, reference: first, source: second }];
  });
}

/** What a usage states of a class, to be compared with another usage. */
function statedIn(name: ClassCounts["class"], usage: Usage, other: Usage): number | undefined {
  if (name === "input_uncached") return uncachedBeside(usage, other);
  if (name !== "input") return tokensOf(usage, name);
  const stated = INPUT_CLASSES.flatMap((part) => tokensOf(usage, part) ?? []);
  return stated.length === 0 ? undefined : stated.reduce((sum, tokens) => sum + tokens, 0);
}

/**
 * The uncached input. A source that does not state what was written to the cache either has it in its input, as Qwen
 * Code does, or leaves it out: the reading that is nearer to it is compared.
 */
function uncachedBeside(usage: Usage, other: Usage): number | undefined {
  const { input_uncached: own } = usage;
  const { input_uncached: theirs } = other;
  const written = tokensOf(usage, "cache_write");
  const isShared = tokensOf(other, "cache_write") !== undefined;
  if (own === undefined || theirs === undefined || written === undefined || isShared) return own;
  const withWrites = own + written;
  return Math.abs(withWrites - theirs) < Math.abs(own - theirs) ? withWrites : own;
}

/** Tokens of a class; undefined if the usage does not state it. */
export function tokensOf(usage: Usage, name: ComparedClass): number | undefined {
  if (name !== "cache_write") return usage[name];
  const { cache_write_5m: fiveMinutes, cache_write_1h: hour } = usage;
  return fiveMinutes === undefined && hour === undefined
    ? undefined
    : (fiveMinutes ?? 0) + (hour ?? 0);
}

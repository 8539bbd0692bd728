import { sumUsage, type Usage } from "../domain/usage.ts";
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
interface ClassDifference {
  /** `input`: the classes of input together, because one side does not divide them. */
  readonly class: ComparedClass | "input";
  readonly reference: number;
  readonly source: number;
}

/** How a source agrees with the reference in what both of them cover. */
export interface SourceComparison {
  /** `main`: one of them leaves sub-agents out. null: no lane is covered by both, and nothing is compared. */
  readonly lane: "all" | "main" | null;
  readonly classes: readonly ClassDifference[];
  /** Tokens of all compared classes; reasoning is a part of output, and not added to it. */
  readonly reference: number;
  readonly source: number;
  /** The difference as a share of the larger count, which decides; null if there is nothing to compare. */
  readonly difference: number | null;
  readonly isDivergent: boolean;
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
  const classes =
    lane === null
      ? []
      : classesOf(
          [usageIn(reference.lanes, lane), usageIn(source.lanes, lane)],
          isUndivided ? UNDIVIDED : DIVIDED,
        );
  const added = classes.filter((difference) => difference.class !== "reasoning");
  const sumOf = (side: "reference" | "source") =>
    added.reduce((sum, difference) => sum + difference[side], 0);
  const sums = { reference: sumOf("reference"), source: sumOf("source") };
  const counts = { counted: sums.reference, reported: sums.source };
  const difference = added.length === 0 ? null : differenceShare(counts);
  return { lane, classes, ...sums, difference, isDivergent: diverges(counts, share) };
}

/** The usage of the lanes that are compared. */
export function usageIn(lanes: LaneUsage, lane: "all" | "main"): Usage {
  const own = lane === "main" ? [lanes.get("main")] : [...lanes.values()];
  return sumUsage(own.filter((usage) => usage !== undefined));
}

const DIVIDED = COMPARED_CLASSES;
const UNDIVIDED = ["input", "output", "reasoning"] as const;

function classesOf(
  [one, other]: readonly [Usage, Usage],
  names: readonly ClassDifference["class"][],
): readonly ClassDifference[] {
  return names.flatMap((name): readonly ClassDifference[] => {
    const [first, second] = [statedIn(one, name), statedIn(other, name)];
    if (first === undefined || second === undefined) return [];
    return [{ class: name, reference: first, source: second }];
  });
}

function statedIn(usage: Usage, name: ClassDifference["class"]): number | undefined {
  if (name !== "input") return tokensOf(usage, name);
  const stated = INPUT_CLASSES.flatMap((part) => tokensOf(usage, part) ?? []);
  return stated.length === 0 ? undefined : stated.reduce((sum, tokens) => sum + tokens, 0);
}

/** Tokens of a class; undefined if the usage does not state it. */
export function tokensOf(usage: Usage, name: ComparedClass): number | undefined {
  if (name !== "cache_write") return usage[name];
  const { cache_write_5m: fiveMinutes, cache_write_1h: hour } = usage;
  return fiveMinutes === undefined && hour === undefined
    ? undefined
    : (fiveMinutes ?? 0) + (hour ?? 0);
}

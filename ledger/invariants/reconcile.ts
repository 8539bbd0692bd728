import type { Lane } from "../domain/usage-ingested.ts";
import { sumUsage, type Usage } from "../domain/usage.ts";
import { diverges } from "./divergence.ts";

/** A class of tokens that two sources may both state. Cache writes are one: few sources divide them. */
export const COMPARED_CLASSES = [
  "input_uncached",
  "cache_read",
  "cache_write",
  "output",
  "reasoning",
] as const;
export type ComparedClass = (typeof COMPARED_CLASSES)[number];

/** Two counts of the same tokens. */
interface ClassDifference {
  readonly class: ComparedClass;
  readonly reference: number;
  readonly source: number;
}

/** How a source agrees with the reference in what both of them cover. */
export interface SourceComparison {
  /** `main`: the source leaves sub-agents out, so that only the main agent's tokens are compared. */
  readonly lane: "all" | "main";
  readonly classes: readonly ClassDifference[];
  /** Tokens of all compared classes; reasoning is a part of output, and not added to it. */
  readonly reference: number;
  readonly source: number;
  readonly isDivergent: boolean;
}

export type LaneUsage = ReadonlyMap<Lane, Usage>;

/**
 * Compares a source with the reference of a window, in the lanes and classes that both state (invariant 6).
 * @param share - Counts that differ by more than this share of the larger are divergent.
 */
export function compareSources(
  { reference, source }: { readonly reference: LaneUsage; readonly source: LaneUsage },
  { coversSubagents, share }: { readonly coversSubagents: boolean; readonly share: number },
): SourceComparison {
  const lane = coversSubagents ? "all" : "main";
  const [one, other] = [reference, source].map((lanes) => usageIn(lanes, lane));
  const classes = COMPARED_CLASSES.flatMap((name): readonly ClassDifference[] => {
    const [first, second] = [one, other].map((usage) => tokensOf(usage ?? { requests: 0 }, name));
    if (first === undefined || second === undefined) return [];
    return [{ class: name, reference: first, source: second }];
  });
  const added = classes.filter((difference) => difference.class !== "reasoning");
  const sumOf = (side: "reference" | "source") =>
    added.reduce((sum, difference) => sum + difference[side], 0);
  const sums = { reference: sumOf("reference"), source: sumOf("source") };
  const isDivergent = diverges({ counted: sums.reference, reported: sums.source }, share);
  return { lane, classes, ...sums, isDivergent };
}

function usageIn(lanes: LaneUsage, lane: "all" | "main"): Usage {
  const own = lane === "main" && lanes.has("main") ? [lanes.get("main")] : [...lanes.values()];
  return sumUsage(own.filter((usage) => usage !== undefined));
}

/** Tokens of a class; undefined if the usage does not state it. */
export function tokensOf(usage: Usage, name: ComparedClass): number | undefined {
  if (name !== "cache_write") return usage[name];
  const { cache_write_5m: fiveMinutes, cache_write_1h: hour } = usage;
  return fiveMinutes === undefined && hour === undefined
    ? undefined
    : (fiveMinutes ?? 0) + (hour ?? 0);
}

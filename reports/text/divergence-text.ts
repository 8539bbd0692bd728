import {
  type AnomalyRecorded,
  type Divergence,
  readDivergence,
} from "../../ledger/domain/anomaly.ts";
import { formatCount } from "./number-text.ts";

/** Both counts of a divergence and their sources, without a full stop. The ratio is that of the tokens in all. */
export function sayDivergence(divergence: Divergence, ratio?: string): string {
  const { proxy, reported, reported_by: source, lane, classes } = divergence;
  const share = lane === "main" ? " of the main agent" : "";
  const counted = `${counterOf(divergence)} counted ${formatCount(proxy)} tokens${share}`;
  const said = `${source} reported ${formatCount(reported)}`;
  const parts = classes.map(
    (one) => `; ${sayClass(one.class)} ${formatCount(one.proxy)} and ${formatCount(one.reported)}`,
  );
  return `${counted}, ${said}${ratio === undefined ? "" : ` (ratio ${ratio})`}${parts.join("")}`;
}

/** Both counts of a divergence, and the one that its window counts by. */
export function sayWhichCounts(anomaly: Pick<AnomalyRecorded, "kind" | "observed">): string {
  const divergence = readDivergence(anomaly);
  if (divergence === null) return "";
  return `${sayDivergence(divergence)}. The window counts by ${counterOf(divergence)}.`;
}

function counterOf({ counted_by: counter }: Divergence): string {
  return counter === "proxy" ? "the proxy" : counter;
}

/** A class of tokens in words: `cache read`. */
export function sayClass(name: string): string {
  return name.replace("input_uncached", "input").replace("_", " ");
}

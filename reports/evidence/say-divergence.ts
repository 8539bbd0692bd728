import type { Divergence } from "../../ledger/domain/anomaly.ts";
import { formatCount } from "../text/number-text.ts";

/** Both counts of a divergence and their sources, without a full stop. */
export function sayDivergence({
  proxy,
  counted_by: counter,
  reported,
  reported_by: source,
  lane,
}: Divergence): string {
  const share = lane === "main" ? " of the main agent" : "";
  const counted = `${counter === "proxy" ? "the proxy" : counter} counted ${formatCount(proxy)} tokens${share}`;
  return `${counted}, ${source} reported ${formatCount(reported)}`;
}

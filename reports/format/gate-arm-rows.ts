import type { GateArm } from "../analysis/gate-arms.ts";
import type { GateReport } from "../analysis/gate-report.ts";
import { costText } from "./cost-text.ts";
import { formatCount, formatFixed, formatPercent, NOT_AVAILABLE } from "./number-text.ts";

type Measure = GateReport["cost_measure"];

const UNITS: Readonly<Record<Measure, string>> = {
  tokens: "tokens",
  usd: "dollars",
  meter: "of the meter",
};

export function gateArmHead(measure: Measure): readonly string[] {
  const cost = `Cost (${UNITS[measure]}, geometric mean)`;
  return ["Arm", "n", cost, "Quality", "Error rate", "p95 ms", "Versions"];
}

/** What a decision rests on, a row for each arm; the tools' versions with it. */
export function gateArmRow(arm: GateArm, measure: Measure): readonly string[] {
  const versions = Object.entries(arm.versions).map(
    ([tool, found]) => `${tool} ${found.join(" and ")}`,
  );
  return [
    `${arm.provider} (${arm.role})`,
    String(arm.n),
    costText(arm.cost, measure),
    formatFixed(arm.quality, 3),
    formatPercent(arm.error_rate),
    formatCount(arm.latency_p95_ms),
    versions.join(", ") || NOT_AVAILABLE,
  ];
}

import type { AnalysedCandidate, Analysis } from "./analyse-windows.ts";
import { say, sayInterval, sayOr, sayP } from "./say.ts";

const FIXED_95 = { level: 95, validity: "fixed-n" } as const;
const FIXED_90 = { level: 90, validity: "fixed-n" } as const;

/** What is said about errors and latency. */
export function reliabilityLines(
  { errors, latency }: AnalysedCandidate,
  { defaults }: Analysis,
): readonly string[] {
  const hasErrors = errors.status === "ok";
  const how =
    latency.decisionMethod === "bootstrap"
      ? "bootstrap by feature"
      : latency.decisionMethod === "per_feature_t"
        ? "t over features"
        : latency.status;
  return [
    `error rate, candidate − baseline: ${sayOr(errors.diff, "no requests counted on both sides")} ${sayInterval(hasErrors ? errors.newcombe95 : null, FIXED_95)}`,
    `  decides: ${sayInterval(hasErrors ? errors.miettinenNurminen90 : null, FIXED_90)}, higher by ${String(defaults["errorMargin"])} or more: ${sayP(errors.niP)}`,
    `  design effect: baseline ${say(errors.raoScottA?.deff)}, candidate ${say(errors.raoScottB?.deff)}`,
    `p95 latency, candidate ÷ baseline: ${sayOr(latency.ratio, "fewer than 20 requests on one side")} ${sayInterval(latency.decisionRatioCi, FIXED_90)}, ${how}`,
  ];
}

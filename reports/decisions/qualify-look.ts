import { reaches, staysWithin, type GateThresholds } from "./gate-thresholds.ts";
import type { Look } from "./look.ts";

/** Why a look does not qualify. */
export type QualifyReason =
  | "min_windows"
  | "ci_not_finite"
  | "ci_width"
  | "zero_variance"
  | "capped"
  | "power"
  | "quality_ratio";

/**
 * What keeps a look from counting towards the first gate, in the order in which reasons are listed;
 * empty where it qualifies.
 */
export function reasonsAgainstLook(
  look: Look,
  thresholds: GateThresholds,
): readonly QualifyReason[] {
  const { minWindows, minPairs, powerMin, qualityMin } = thresholds;
  const isTooSmall = Math.min(look.windowsA, look.windowsB) < minWindows || look.nPairs < minPairs;
  const checks: readonly (readonly [QualifyReason, boolean])[] = [
    ["min_windows", isTooSmall],
    ["ci_not_finite", !isFiniteWidth(look.ciWidth)],
    ["ci_width", isFiniteWidth(look.ciWidth) && !staysWithin(look.ciWidth, thresholds.ciWidthMax)],
    ["zero_variance", look.zeroVariance],
    ["capped", look.capped === true],
    ["power", !reaches(look.power, powerMin)],
    ["quality_ratio", !reaches(look.qualityRatio, qualityMin)],
  ];
  return checks.flatMap(([reason, applies]) => (applies ? [reason] : []));
}

function isFiniteWidth(width: number | null): boolean {
  return width !== null && Number.isFinite(width);
}

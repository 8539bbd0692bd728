import type { Evidence } from "../evidence/evidence.ts";
import { joinNumbers } from "../evidence/index-affected.ts";
import type { ObservedWindow } from "../evidence/observed-window.ts";
import { analyseArms, type ArmContrast } from "../statistics/multi-arm/analyse-arms.ts";
import { tTest } from "../statistics/t-inference.ts";
import { type EstimateData, missingEstimate } from "./estimate.ts";
import type { ArmsFit } from "./results-data.ts";

const SEVERAL = 2;
const TOO_FEW_WINDOWS = "too few windows to fit all providers at once";

/** All providers in one model; null with a single candidate, manual windows, or incomparable costs. */
export function fitArms({ asked, windows, design }: Evidence): ArmsFit | null {
  const { baseline, candidates, is_cost_comparable: isComparable } = asked;
  if (baseline === null || candidates.length < SEVERAL || !isComparable) return null;
  if (design === "manual") return null;
  const entering = windows.filter(
    ({ line }) => line.state === "valid" && line.cost !== null && line.cost > 0,
  );
  const { status, contrasts, holmPGreater2 } = analyseArms(entering.map(armWindow), baseline);
  const lineOf = (candidate: string): ArmsFit["candidates"][number] => {
    const index = contrasts.findIndex(({ arm }) => arm === candidate);
    const contrast = contrasts[index];
    const compared = [baseline, candidate];
    const own = entering.filter(({ line }) => compared.includes(line.provider));
    return {
      candidate,
      cost_ratio: contrast === undefined ? missingEstimate(TOO_FEW_WINDOWS) : estimateOf(contrast),
      p_above_1: contrast?.pGreater1 ?? null,
      p_above_2: contrast?.pGreater2 ?? null,
      p_above_2_holm: holmPGreater2[index] ?? null,
      touched_by: joinNumbers(own.map(({ line }) => line.touched_by)),
    };
  };
  return { status, windows: entering.length, candidates: candidates.map(lineOf) };
}

function armWindow({ line }: ObservedWindow) {
  const { feature_id: feature, replicate, period, provider: arm, cost } = line;
  return { feature, replicate, period, arm, cost: cost ?? 0 };
}

function estimateOf(contrast: ArmContrast): EstimateData {
  const { logRatioBaselineOverArm: estimate, se, df, ratio } = contrast;
  return {
    value: ratio,
    ci95: { lower: contrast.ratioCi95Lower, upper: contrast.ratioCi95Upper },
    p_two_sided: tTest({ estimate, se, df }, 0).pTwoSided,
    df,
    reason: null,
  };
}

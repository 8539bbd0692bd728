import { MANUAL_EXPERIMENT } from "../../ledger/domain/experiment.ts";
import { analyseArms, type ArmContrast } from "../statistics/multi-arm/analyse-arms.ts";
import { tTest } from "../statistics/t-test.ts";
import type { ArmLine, ArmsFit } from "./arms-data.ts";
import type { EstimateData } from "./estimate-data.ts";
import { joinTouches } from "./index-touches.ts";
import type { ObservedWindow } from "./list-windows.ts";
import type { ReportContext } from "./report-context.ts";

const SEVERAL = 2;

/** All providers in one model; null with a single candidate, by hand, or where costs don't compare. */
export function fitArms({ asked, windows, view }: ReportContext): ArmsFit | null {
  const { baseline, candidates, is_cost_comparable: isComparable } = asked;
  if (baseline === null || candidates.length < SEVERAL || !isComparable) return null;
  if (view.experimentId === MANUAL_EXPERIMENT) return null;
  const entering = windows.filter(
    ({ line }) => line.state === "valid" && line.cost !== null && line.cost > 0,
  );
  const { status, contrasts, holmPGreater2 } = analyseArms(entering.map(armWindow), baseline);
  const lineOf = (candidate: string): ArmLine => {
    const index = contrasts.findIndex(({ arm }) => arm === candidate);
    const contrast = contrasts[index];
    const compared = [baseline, candidate];
    const own = entering.filter(({ line }) => compared.includes(line.provider));
    return {
      candidate,
      cost_ratio: contrast === undefined ? NOTHING : estimateOf(contrast),
      p_above_1: contrast?.pGreater1 ?? null,
      p_above_2: contrast?.pGreater2 ?? null,
      p_above_2_holm: holmPGreater2[index] ?? null,
      touched_by: joinTouches(own.map(({ line }) => line.touched_by)),
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

const NOTHING: EstimateData = {
  value: null,
  ci95: null,
  p_two_sided: null,
  df: null,
  reason: "too few windows to fit all providers at once",
};

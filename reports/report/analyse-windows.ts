import { decideGate } from "../gate/decide-gate.ts";
import {
  assessCandidates,
  type AssessedCandidate,
  isAllocationAlarm,
} from "../looks/assess-candidates.ts";
import { fingerprintOf } from "../looks/fingerprint.ts";
import type { GateFile } from "../looks/gate-file.ts";
import { byPolicy } from "../looks/thresholds.ts";
import { ANALYSIS_STREAMS, DEFAULT_OPTIONS } from "../statistics/candidate/analyse-candidate.ts";
import type { AnalysedWindow } from "../statistics/candidate/window.ts";
import { newcombeInterval } from "../statistics/errors/share-intervals.ts";
import { analyseArms } from "../statistics/multi-arm/analyse-arms.ts";
import { mapNumbers, roundNumber } from "../text/round-numbers.ts";

export interface AnalysisRequest {
  /** In the order in which the features were planned; without a plan, as they come. */
  readonly windows: readonly AnalysedWindow[];
  readonly baseline: string;
  readonly seed: string;
  readonly gates: GateFile;
  readonly versions: Readonly<Record<string, string>>;
}

/** The analysis of a file of windows. */
export type Analysis = ReturnType<typeof analyseWindows>;
export type AnalysedCandidate = Analysis["candidates"][number];

/** Analyses every other provider of the windows against the baseline; the seed gives all draws. */
export function analyseWindows(request: AnalysisRequest) {
  const { windows, baseline, seed, gates, versions } = request;
  const candidates = candidatesOf(windows, baseline);
  const assessed = assessCandidates({
    baseline,
    rootSeed: seed,
    gates,
    candidates: candidates.map((candidate) => {
      const own = windows.filter(({ provider }) => [baseline, candidate].includes(provider));
      return {
        candidate,
        windows: own,
        capped: false,
        deterministicRegressions: 0,
        fingerprint: fingerprintOf({ windows: own, candidate }, baseline),
      };
    }),
  });
  return {
    analysisVersion: "1.0.0" as const,
    baseline,
    windows: windows.length,
    seed,
    streams: ANALYSIS_STREAMS,
    defaults: defaultsOf(gates),
    versions,
    candidates: assessed.map((one) => describe(one, request)),
    multiArm: candidates.length > 1 ? analyseArms(windows.map(toArmWindow), baseline) : null,
    gates,
  };
}

/** Every provider but the baseline, in order of first appearance. */
export function candidatesOf(
  windows: readonly AnalysedWindow[],
  baseline: string,
): readonly string[] {
  const providers = new Set(windows.map(({ provider }) => provider));
  return [...providers].filter((provider) => provider !== baseline);
}

function describe(
  { analysis, look, candidate }: AssessedCandidate,
  { windows, baseline, gates }: AnalysisRequest,
) {
  const srmAlarm = isAllocationAlarm(analysis, gates);
  const state = { backlogReadyBlocked: 0, srmAlarm, protocolViolations: 0, stoppedArms: [] };
  return {
    ...analysis,
    ...countMissing(windows, { baseline, candidate }),
    srmAlarm,
    look,
    decisions: byPolicy((policy) => decideGate([look], state, { ...gates, policy })),
  };
}

/** A provider's window is missing if only the other provider has one. */
function countMissing(
  windows: readonly AnalysedWindow[],
  { baseline, candidate }: { readonly baseline: string; readonly candidate: string },
) {
  const setsOf = (provider: string) =>
    new Set(
      windows
        .filter((window) => window.provider === provider)
        .map(({ feature, replicate }) => JSON.stringify([feature, replicate])),
    );
  const [a, b] = [setsOf(baseline), setsOf(candidate)];
  const missingA = b.difference(a).size;
  const missingB = a.difference(b).size;
  const n = a.union(b).size;
  const shares = { a: { x: missingA, n }, b: { x: missingB, n } };
  const missingDifference =
    n === 0
      ? { diff: null, newcombe95: [-1, 1] as const }
      : { diff: (missingB - missingA) / n, newcombe95: newcombeInterval(shares, 0.95) };
  return { missingA, missingB, missingDifference };
}

function toArmWindow({ feature, replicate, period, provider, cost }: AnalysedWindow) {
  return { feature, replicate, period, arm: provider, cost };
}

function defaultsOf(gates: GateFile): Readonly<Record<string, number | string>> {
  return {
    alpha: gates.alpha,
    ciLevel: 0.95,
    ciWidthMax: gates.ci_width_max,
    powerMin: gates.power_min,
    minWindows: gates.min_windows,
    minPairs: gates.min_pairs,
    qualityMin: gates.quality_min,
    costTarget: gates.cost_target,
    costEvidenceNull: gates.cost_target,
    errorMargin: gates.error_margin,
    latencyMargin: gates.latency_margin,
    priorPrecision: DEFAULT_OPTIONS.priorPrecision,
    bettingGrid: DEFAULT_OPTIONS.bettingGrid,
    bootstrapReplicates: DEFAULT_OPTIONS.bootstrapReplicates,
    srmThreshold: gates.srm_threshold,
    policy: gates.policy,
  };
}

/** The analysis for JSON: rounded numbers, and infinite limits as the texts that R prints. */
export function analysisJson({ gates: _gates, ...analysis }: Analysis): unknown {
  return mapNumbers(analysis, (value) =>
    Math.abs(value) === Infinity ? String(value) : roundNumber(value),
  );
}

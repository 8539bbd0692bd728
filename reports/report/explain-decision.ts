import type { DecisionMade } from "../../ledger/domain/decision.ts";
import { latestOf } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { looksAt } from "../evidence/looks-at.ts";
import { readSettings } from "../evidence/registration.ts";
import { dataOption } from "../evidence/run-command.ts";
import type { GateDecision } from "../gate/decide-gate.ts";
import type { GateFile } from "../looks/gate-file.ts";
import { LookFigures } from "../looks/look-figures.ts";
import type { Look } from "../looks/look.ts";
import { readLook } from "../looks/take-looks.ts";
import { say } from "../text/four-digits.ts";
import { COST_NOT_DECIDED, LOWER_BOUND } from "../text/hold-text.ts";

type GateReason = GateDecision["reasons"][number];

/** Explains a decision's reasons by the numbers of the look that it rests on. */
export function explainDecision(
  view: ExperimentView,
  decision: DecisionMade,
  gates: GateFile,
): readonly ExplainedReason[] {
  const last = latestOf(looksAt(view, decision.candidate));
  const settings = readSettings(latestOf(view.sessions.values())?.settings);
  return explainReasons(
    // The row holds them as texts; an unknown one of a later version is shown as it is.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    decision.reasons as readonly GateReason[],
    {
      look: last === undefined ? null : readLook(last.look),
      figures: last === undefined ? null : LookFigures.parse(last.look.figures),
      gates,
      backlogReadyBlocked: decision.backlog_ready_blocked,
      holds: decision.holds ?? [],
      dataOption: dataOption(settings),
    },
  );
}

/** The numbers that a reason is explained by; `look` is null before the first one. */
interface ReasonContext {
  readonly look: Look | null;
  readonly figures: LookFigures | null;
  readonly gates: GateFile;
  readonly backlogReadyBlocked: number;
  readonly holds?: NonNullable<DecisionMade["holds"]>;
  /** What names the data folder in a command; empty for the usual one. */
  readonly dataOption?: string;
}

/** An unmet condition: what is required, what there is, and how many windows would meet it. */
export interface ExplainedReason {
  readonly reason: GateReason;
  readonly explanation: string;
  /** Windows that would meet it as things stand; null if windows do not help or 1,000 are too few. */
  readonly moreWindows: number | null;
}

const WINDOWS_A_PAIR = 2;

/** Says for every reason which number misses which threshold, and by how many windows. */
export function explainReasons(
  reasons: readonly GateReason[],
  context: ReasonContext,
): readonly ExplainedReason[] {
  return reasons.map((reason) => ({
    reason,
    explanation: explain(reason, context),
    moreWindows: windowsFor(reason, context),
  }));
}

type Explain = (context: ReasonContext) => string;

function explain(reason: GateReason, context: ReasonContext): string {
  if (reason === "stopped:experiment") return "The experiment was halted as a whole.";
  if (reason.startsWith("stopped:")) return `${reason.slice("stopped:".length)} was halted.`;
  const hold = context.holds?.find((one) => one.hold === reason);
  if (hold !== undefined) return hold.explanation;
  const known = EXPLANATIONS[reason];
  if (known !== undefined) return known(context);
  const criterion = reason.replace("_contradicted", "");
  const level = 100 * (1 - context.gates.alpha);
  return `The data speak against it: ${criterion} misses its threshold at the ${level} % level.`;
}

const EXPLANATIONS: Readonly<Record<string, Explain | undefined>> = {
  srm: () => "The orders occur in another ratio than assigned.",
  protocol_violation: () => "A pair was run in another order than assigned.",
  min_windows: ({ look, gates }) =>
    `${look?.windowsA ?? 0} and ${look?.windowsB ?? 0} valid windows in ${sayUnits(look)}; required are ${gates.min_windows} a provider and ${gates.min_pairs} ${look?.nFamilies === undefined ? "pairs" : "families"}.`,
  ci_not_finite: () => "The cost ratio has no interval yet.",
  ci_width: ({ look, gates }) =>
    `The 95 % interval of the cost ratio (fixed-n) is ${say(look?.ciWidth)} wide, relative to it; at most ${gates.ci_width_max} is allowed.`,
  zero_variance: () => "The cost ratios do not vary at all, as if data had been replayed.",
  capped: () => LOWER_BOUND,
  power: ({ look, gates }) =>
    `Power is ${say(look?.power)}; at least ${gates.power_min} is required.`,
  quality_ratio: ({ look, gates }) =>
    `Quality is ${say(look?.qualityRatio)} of the baseline's; at least ${gates.quality_min} is required.`,
  not_two_consecutive: () =>
    "The last look qualifies, the one before it does not: two in a row, on different data, are required.",
  backlog: ({ backlogReadyBlocked, gates, dataOption: folder = "" }) =>
    `A seat helps only if work waits for it: ${backlogReadyBlocked} ready features are blocked by capacity alone, and at least ${gates.backlog_min} are required. Record such work with experiment backlog ready FEATURE${folder} and experiment backlog block FEATURE --by capacity${folder}.`,
  cost_point: ({ look, figures, gates }) =>
    look?.capped === true
      ? COST_NOT_DECIDED
      : `The cost ratio is ${say(figures?.costRatio)} and that of the totals ${say(figures?.totalsRatio)}; both must be at least ${gates.cost_target}.`,
  quality_point: ({ figures, gates }) =>
    `Quality is ${say(figures?.qualityRatio)} of the baseline's; at least ${gates.quality_min}, or no significant drop, is required.`,
  errors_point: ({ figures, gates }) =>
    `The error rate is higher by ${say(figures?.errorDifference)}; at most ${gates.error_margin} is allowed.`,
  latency_point: ({ figures, gates }) =>
    (figures?.latencyRatio ?? null) === null
      ? "The ratio of the 95th percentiles of latency is n/a: 4 features and 20 requests of each provider are required."
      : `The 95th percentile of latency is ${say(figures?.latencyRatio)} times the baseline's; at most ${gates.latency_margin} is allowed.`,
  deterministic_regression: ({ look }) =>
    `${look?.criteria.deterministicRegressions ?? 0} tests pass with the baseline and fail with the candidate; none is allowed.`,
  cost_evidence: ({ look, figures, gates }) =>
    look?.capped === true
      ? COST_NOT_DECIDED
      : `The evidence that the cost ratio is above ${gates.cost_target} is E = ${sayE(figures?.logETarget)} (anytime-valid); ${sayRequired(figures?.logETarget, gates.alpha)}.`,
  cost_sign_evidence: ({ look, figures, gates }) =>
    look?.capped === true
      ? COST_NOT_DECIDED
      : `The evidence from signs alone that the typical ratio is above ${gates.cost_target} is E = ${sayE(figures?.logESign)} (anytime-valid); ${say(1 / gates.alpha)} is required.`,
  quality_evidence: ({ figures, gates }) =>
    `Quality is not confirmed: the evidence for at least ${gates.quality_min} of the baseline's is E = ${sayE(figures?.logEQuality)} (anytime-valid); ${say(1 / gates.alpha)} is required.`,
  errors_evidence: ({ figures, gates }) =>
    `The upper limit of the error difference (90 %, fixed-n) is ${say(figures?.errorDifferenceCi90?.[1])}; at most ${gates.error_margin} is allowed.`,
  latency_evidence: ({ figures, gates }) =>
    `The upper limit of the latency ratio (90 %, fixed-n) is ${say(figures?.latencyRatioCi90?.[1])}; at most ${gates.latency_margin} is allowed.`,
};

/** With several candidates, Holm's method asks for more evidence than one candidate needs. */
function sayRequired(logE: number | null | undefined, alpha: number): string {
  const isEnoughAlone = (logE ?? -Infinity) >= -Math.log(alpha);
  return isEnoughAlone
    ? `${say(1 / alpha)} is enough for a single candidate only (Holm's method)`
    : `${say(1 / alpha)} is required`;
}

function sayUnits(look: Look | null): string {
  const pairs = `${look?.nPairs ?? 0} pairs`;
  return look?.nFamilies === undefined ? pairs : `${pairs} of ${look.nFamilies} families`;
}

type CountPairs = (context: ReasonContext) => number | null | undefined;

/** Pairs that each condition still needs, as things stand. */
const PAIRS_FOR: Readonly<Record<string, CountPairs | undefined>> = {
  min_windows: missingPairs,
  ci_not_finite: missingPairs,
  ci_width: ({ figures }) => figures?.extraForCiWidth,
  power: ({ figures }) => figures?.extraForPower,
  cost_evidence: ({ look, figures }) => (look?.capped === true ? null : figures?.extraForEvidence),
  quality_evidence: ({ figures }) => figures?.extraForQuality,
  not_two_consecutive: () => 1,
  totals_evidence: ({ look, figures }) => (look?.capped === true ? null : figures?.extraForTotals),
};

function missingPairs({ look, gates }: ReasonContext): number {
  return Math.max(gates.min_pairs, gates.min_windows) - (look?.nFamilies ?? look?.nPairs ?? 0);
}

function windowsFor(reason: GateReason, context: ReasonContext): number | null {
  const extra = PAIRS_FOR[reason]?.(context) ?? null;
  return extra === null ? null : WINDOWS_A_PAIR * Math.max(1, extra);
}

function sayE(logE: number | null | undefined): string {
  return logE === null || logE === undefined ? say(null) : say(Math.exp(logE));
}

import type { BudgetScope } from "../../../ledger/domain/budget-event.ts";
import type { DollarCost } from "../../../ledger/domain/dollars.ts";
import type { Meter } from "../../../ledger/domain/meter.ts";
import type { Outcome } from "../../../ledger/domain/outcome.ts";
import type { RequestCounts } from "../../../ledger/domain/request-fate.ts";
import type { WindowResources } from "../../../ledger/domain/resources.ts";
import type { TrafficFigures } from "../../../ledger/domain/traffic-summed.ts";
import type { Usage } from "../../../ledger/domain/usage.ts";
import type {
  AgentLog,
  Churn,
  ScenarioResult,
  SealedWork,
  WindowNetwork,
} from "../../../ledger/domain/window.ts";
import type { Connections } from "../../gateway/proxy/network/connection-log.ts";
import type { PlannedWindow } from "../../plan/assignment/plan.ts";
import type { retrospect } from "../../teams/retrospect.ts";
import type { Turn } from "../../teams/turn.ts";

/** One attempt at a window that the session orders. */
export interface AttemptOrder {
  readonly experimentId: string;
  readonly sessionId: string;
  readonly planned: PlannedWindow;
  readonly attempt: number;
  /** Unique value in the environment of the attempt's processes. */
  readonly marker: string;
}

/** The result of an attempt, for its rows. */
export interface AttemptResult {
  readonly outcome: Outcome;
  readonly reason: string | null;
  /** What the budget counts over that decided the outcome; absent where none did. */
  readonly spentBudget?: BudgetScope;
  /** What a person has to mend before any window of the provider can succeed, such as a refused credential. */
  readonly keyRefusal?: string;
  /** When the provider's limit resets, in epoch milliseconds; null or absent if it did not say. */
  readonly limitResetsAtMs?: number | null;
  readonly usage: Usage;
  readonly requests: RequestCounts;
  /** Absent without a proxy between the agent and its models. */
  readonly traffic?: TrafficFigures;
  /** Absent without a proxy. */
  readonly dollars?: DollarCost;
  /** The part of `amount` for requests to another upstream than the provider's own, at list prices. */
  readonly dollarsElsewhere?: number | null;
  /** The vendor's own meters during the attempt; absent without a proxy. */
  readonly meters?: readonly Meter[];
  readonly commitStart: string | null;
  readonly commitEnd: string | null;
  readonly churn: Churn | null;
  readonly quality: number | null;
  /** The two shares that quality is the mean of, each undefined if there are no such scenarios. */
  readonly qualityVisible?: number | undefined;
  readonly qualityHeldOut?: number | undefined;
  readonly scenarios: readonly ScenarioResult[];
  /** What kept the graded solution away from the machine; null where nothing was graded. */
  readonly isolation: string | null;
  /** What kept the agent away from bank, ledger and other windows; null where no agent ran. */
  readonly agentIsolation: string | null;
  /** What the agent could reach besides its models; absent where no agent ran. */
  readonly network?: WindowNetwork;
  /** What it asked for besides its models; absent without a proxy. */
  readonly connections?: Connections;
  /** The agent's limits, and how busy the machine was; absent if no agent ran. */
  readonly resources?: WindowResources;
  /** Milliseconds that were not the harness's own; null where no agent ran. */
  readonly timings: { readonly agent_ms: number; readonly grading_ms: number } | null;
  readonly exitCode: number | null;
  readonly reportedUsage: Usage | null;
  /** The agent's own count leaves sub-agents out. */
  readonly isReportedMainOnly?: true;
  /** What the agent sent by OpenTelemetry; null if nothing came, absent if nothing received it. */
  readonly telemetryUsage?: Usage | null;
  /** The work that was graded or is to be graded, kept for grading again. */
  readonly sealedWork?: SealedWork;
  /** How the agent's part ended; absent if the work is graded, or if only the grade decides. */
  readonly agentEnd?: Pick<AttemptResult, "outcome" | "reason">;
  /** What its agents printed; absent where no agent ran. */
  readonly agentLogs?: readonly AgentLog[];
  /** The turns of a team; absent for an agent that works alone. */
  readonly team?: TeamResult;
  readonly anomalies: readonly NoticedAnomaly[];
  readonly versions: Readonly<Record<string, string>>;
}

/** The turns of an attempt's roles, and what is to be said about them all. */
interface TeamResult {
  readonly turns: readonly Turn[];
  readonly retrospective: ReturnType<typeof retrospect>;
}

/** A breach that was noticed while the attempt ran. */
export interface NoticedAnomaly {
  readonly kind: string;
  readonly observed: Readonly<Record<string, unknown>>;
  readonly action: string;
}

/** What follows the setup of a workspace; in a team, the role that works. */
export type WindowPhase = "working" | `working as ${string}` | "grading";

/**
 * Works windows. The real one drives agents; benchmarks and specs use in-process ones. One whose result may be null
 * leaves attempts that did not begin, because their provider rests or their arm is halted.
 */
export interface WindowWorker<Result extends AttemptResult | null = AttemptResult> {
  /** Name of the way the window was worked, for invariant 7. */
  readonly methodology: string;
  /** The folder below which workspaces are made; null where there are none. */
  readonly workspaceRoot: string | null;
  /** Works one attempt to its end. It rejects only on a bug or a broken machine. */
  work(
    order: AttemptOrder,
    signal: AbortSignal,
    began?: (phase: WindowPhase) => void,
  ): Promise<Result>;
  /** Grades the kept work of an earlier attempt, without its agent. Absent if it keeps none. */
  readonly grade?: (kept: KeptWork, signal: AbortSignal) => Promise<LateGrade>;
}

/** The work of an attempt whose grader failed. */
export interface KeptWork {
  readonly planned: PlannedWindow;
  readonly work: SealedWork;
  /** How the agent's part ended; absent if only the grade decides. */
  readonly agentEnd: Pick<AttemptResult, "outcome" | "reason"> | undefined;
}

/** The part of a result that comes from the grader. */
export type LateGrade = Pick<
  AttemptResult,
  "outcome" | "reason" | "quality" | "qualityVisible" | "qualityHeldOut" | "scenarios" | "isolation"
> & {
  readonly gradingMs: number;
  readonly anomalies: readonly NoticedAnomaly[];
  /** Versions of the grader's parts. */
  readonly versions: Readonly<Record<string, string>>;
};

/** The fields that every row of a window has. */
export function windowKey({
  experimentId,
  planned,
  attempt,
}: Pick<AttemptOrder, "experimentId" | "planned" | "attempt">) {
  return {
    experiment_id: experimentId,
    window: planned.window,
    attempt,
    provider: planned.provider,
    feature_id: planned.featureId,
    replicate: planned.replicate,
    period: planned.period,
  };
}

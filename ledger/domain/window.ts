import { z } from "zod";

import { DollarCost } from "./dollars.ts";
import { ExperimentId } from "./experiment.ts";
import { Meter } from "./meter.ts";
import { Outcome } from "./outcome.ts";
import { WindowResources } from "./resources.ts";
import { Timestamp } from "./timestamp.ts";
import { Usage } from "./usage.ts";

/** A letter or a digit, then letters, digits, dashes, underscores and dots: it may name a file. */
const WindowId = z.string().regex(/^[A-Za-z0-9][\w.-]{0,63}$/u);

/** The fields of every row of a window, so that no reader has to join. */
export const WindowKey = {
  experiment_id: ExperimentId,
  window: WindowId,
  attempt: z.int().positive(),
  provider: z.string(),
  feature_id: z.string(),
  replicate: z.int().positive(),
  period: z.int().positive(),
  /** The agent that works a manual window; if absent, as in earlier versions, `main`. */
  window_agent: z.string().optional(),
};

/** The agent of every window that names none. */
export const MAIN_AGENT = "main";

/** The key of a row that may be written before a manual window has a feature. */
export const ReadingKey = { ...WindowKey, feature_id: z.string().nullable() };

/** The worker that took a window of a shared ledger, and the class of its machine. */
const Machine = z.looseObject({ worker: z.string(), class: z.string() }).readonly();
export type Machine = z.infer<typeof Machine>;

/** The field of a window's rows; absent if the run itself worked it. */
const Placed = { machine: Machine.optional() };

/** Row `window_opened`: an attempt begins; nothing of it has been spent. */
export const WindowOpened = z.looseObject({
  record: z.literal("window_opened"),
  ...WindowKey,
  session_id: z.string(),
  /** Order in which the window was opened in its experiment, from 1. */
  executed_order: z.int().positive(),
  /** Environment marker of the attempt's processes, for the sweep after a crash. */
  marker: z.string(),
  workspace: z.string().nullable(),
  ...Placed,
});
export type WindowOpened = z.infer<typeof WindowOpened>;

/** Money or tokens spent. `usd` is null if a model has no price. */
export const Cost = z
  .looseObject({
    measure: z.enum(["usd", "tokens"]),
    amount: z.number().nonnegative().nullable(),
    /** A cap stopped the window, or an answer did not state its usage: the true cost is higher. */
    is_lower_bound: z.boolean(),
    /** For dollars: the share of a subscription. If absent, the amount is a list price. */
    basis: z.literal("plan").optional(),
  })
  .readonly();
export type Cost = z.infer<typeof Cost>;

/** An attempt's work as a git bundle in a folder next to the ledger. */
export const SealedWork = z
  .looseObject({
    /** Relative to the data folder. */
    file: z.string(),
    sha256: z.string(),
    /** Hash of the commit that was graded. */
    commit: z.string(),
  })
  .readonly();
export type SealedWork = z.infer<typeof SealedWork>;

/** What an agent printed, as a file in a folder next to the ledger. */
export const AgentLog = z
  .looseObject({
    /** Relative to the data folder. */
    file: z.string(),
    sha256: z.string(),
  })
  .readonly();
export type AgentLog = z.infer<typeof AgentLog>;

/** The field of an attempt's last row: a log for each run of each role. Absent in earlier versions, and without an agent. */
const Logged = { agent_logs: z.array(AgentLog).readonly().optional() };

/** The result of one acceptance scenario. */
export const ScenarioResult = z
  .looseObject({
    name: z.string(),
    suite: z.enum(["visible", "held-out"]),
    status: z.string(),
  })
  .readonly();
export type ScenarioResult = z.infer<typeof ScenarioResult>;

/** Lines and files that changed between `commit_start` and `commit_end`. */
export const Churn = z
  .looseObject({
    files_changed: z.int().nonnegative(),
    insertions: z.int().nonnegative(),
    deletions: z.int().nonnegative(),
    /** Changed files without lines. Absent: none. */
    binary_files: z.int().positive().optional(),
    /** Changed files that have another name now. Absent: none. */
    renamed_files: z.int().positive().optional(),
  })
  .readonly();
export type Churn = z.infer<typeof Churn>;

/** after − before of one meter within one reset period; null if it cannot be proven. */
export const CapacityDelta = z
  .looseObject({
    name: z.string(),
    unit: z.string(),
    delta: z.number().nullable(),
    flag: z.string().optional(),
  })
  .readonly();
export type CapacityDelta = z.infer<typeof CapacityDelta>;

/** `unlimited`: the agent had no sandbox, so nothing held its connections back. */
export const WindowNetwork = z.enum(["closed", "allowed-hosts", "open", "unlimited"]);
export type WindowNetwork = z.infer<typeof WindowNetwork>;

/** Row `window_finalized`: the measures of a window's last attempt. */
export const WindowFinalized = z.looseObject({
  record: z.literal("window_finalized"),
  ...WindowKey,
  executed_order: z.int().positive(),
  outcome: Outcome,
  /** What stopped the window or why it is missing, in a sentence; null for an ordinary end. */
  reason: z.string().nullable(),
  methodology: z.string().nullable(),
  commit_start: z.string().nullable(),
  commit_end: z.string().nullable(),
  opened_at: Timestamp,
  ended_at: Timestamp,
  duration_ms: z.number().nonnegative(),
  /**
   * 0…1; null if nothing was graded. Since schema 1.2 the mean of the two shares below, before the share
   * of all scenarios that passed.
   */
  quality: z.number().min(0).max(1).nullable(),
  scenarios: z.array(ScenarioResult).readonly(),
  usage: Usage,
  cost: Cost,
  /**
   * The cost in dollars, whatever else it is measured in; absent if no proxy saw the requests.
   */
  dollars: DollarCost.optional(),
  /** Spend of earlier, interrupted attempts; counts in budgets, never in the window's measures. */
  earlier_attempts: z.looseObject({ attempts: z.int().nonnegative(), usage: Usage }).readonly(),
  meters: z
    .looseObject({ before: z.array(Meter).readonly(), after: z.array(Meter).readonly() })
    .readonly(),
  capacity: z.array(CapacityDelta).readonly(),
  /** Hashes of the readings that the capacity was made from. */
  snapshots: z.array(z.string()).readonly().optional(),
  /** How long the agent ran and how long grading took, ms; absent if there was no agent. */
  timings: z
    .looseObject({ agent_ms: z.number().nonnegative(), grading_ms: z.number().nonnegative() })
    .readonly()
    .optional(),
  churn: Churn.nullable(),
  requests: z
    .looseObject({
      total: z.int().nonnegative(),
      errors: z.int().nonnegative(),
      refused: z.int().nonnegative(),
      /** Requests that the client left or our own budget cut before their end; from schema 1.1 on. */
      abandoned: z.int().nonnegative().optional(),
    })
    .readonly(),
  /** Ids of the anomaly rows that affect the window. */
  anomalies: z.array(z.string()).readonly(),
  /** What kept the graded solution, and the agent, away from the rest of the machine. */
  isolation: z.string().nullable(),
  agent_isolation: z.string().nullable().optional(),
  exit_code: z.int().nullable(),
  /** The agent's own count, as a cross-check; null if it reports nothing. */
  reported_usage: Usage.nullable(),
  versions: z.record(z.string(), z.string()).readonly(),
  /** What the operator of a manual window remarks. */
  operator_notes: z.string().optional(),
  /** Share of the visible scenarios that passed, 0…1; absent if there are none or nothing was graded. */
  quality_visible: z.number().min(0).max(1).optional(),
  /** Share of the held-out scenarios that passed. */
  quality_held_out: z.number().min(0).max(1).optional(),
  /** Which other hosts than those of its models the agent reached; absent if there was no agent, or in earlier versions. */
  network: WindowNetwork.optional(),
  /** For grading again; absent if nothing was graded, or if the work was too large to keep. */
  sealed_work: SealedWork.optional(),
  /** The agent's limits, and how busy the machine was; absent if no agent ran. */
  resources: WindowResources.optional(),
  /** How the agent's part ended, while its work waits for a grade; absent if only the grade decides. */
  agent_end: z
    .looseObject({ outcome: Outcome, reason: z.string().nullable() })
    .readonly()
    .optional(),
  /** How often the grader has tried; absent if it needed one try. */
  gradings: z.int().positive().optional(),
  /** The harness was gone before the end of the last attempt, and a later session wrote the row. */
  is_recovered: z.literal(true).optional(),
  /** `main`: the agent's own count leaves sub-agents out; absent if it has them, or if that is unknown. */
  reported_lane: z.literal("main").optional(),
  /** What the agent sent by OpenTelemetry; null if nothing came, absent if nothing received it. */
  telemetry_usage: Usage.nullable().optional(),
  ...Placed,
  ...Logged,
});
export type WindowFinalized = z.infer<typeof WindowFinalized>;

/** What the final row of an attempt says before its work is graded. */
export const UngradedWindow = WindowFinalized.omit({
  record: true,
  experiment_id: true,
  window: true,
  attempt: true,
  provider: true,
  feature_id: true,
  replicate: true,
  period: true,
  machine: true,
}).extend({ sealed_work: SealedWork });
export type UngradedWindow = z.infer<typeof UngradedWindow>;

/** Row `window_interrupted`: an attempt that ended by no doing of the agent's and may be tried again. */
export const WindowInterrupted = z.looseObject({
  record: z.literal("window_interrupted"),
  ...WindowKey,
  outcome: Outcome,
  reason: z.string(),
  usage: Usage,
  cost: Cost,
  dollars: DollarCost.optional(),
  /** It is not among the attempts after which a window is missing. */
  is_counted: z.literal(false).optional(),
  /** The agent has done its part, and its kept work waits for a grade. The next attempt only grades it. */
  ungraded: UngradedWindow.optional(),
  /** The harness was gone before the attempt's end, and a later session wrote the row. */
  is_recovered: z.literal(true).optional(),
  ...Placed,
  ...Logged,
});
export type WindowInterrupted = z.infer<typeof WindowInterrupted>;

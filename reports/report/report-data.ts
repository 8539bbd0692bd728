import { z } from "zod";

import { BudgetScope, BudgetUnit } from "../../ledger/domain/budget-event.ts";
import { Outcome } from "../../ledger/domain/outcome.ts";
import { TokenBasis } from "../../ledger/domain/token-basis.ts";
import { GateReport } from "../analysis/gate-report.ts";
import { ArmsFit } from "./arms-data.ts";
import { DollarFigures } from "./dollars-data.ts";
import { Count, OutcomeCount, TouchedBy } from "./estimate-data.ts";
import { HandWork } from "./hand-data.ts";
import { Comparison, PairLine, ProviderFigures } from "./results-data.ts";
import { BackendTraffic } from "./traffic-data.ts";

const Task = z
  .strictObject({
    feature_id: z.string(),
    title: z.string().nullable(),
    stratum: z.string().nullable(),
    digest: z.string().nullable(),
    /** Tasks that were registered together; the first are 1. */
    cohort: Count,
  })
  .readonly();

export const ProviderQuestion = z
  .strictObject({
    provider: z.string(),
    role: z.enum(["baseline", "candidate"]),
    driver: z.string().nullable(),
    vendor: z.string().nullable(),
    model: z.string().nullable(),
    upstream: z.string().nullable(),
  })
  .readonly();
export type ProviderQuestion = z.infer<typeof ProviderQuestion>;

export const Asked = z
  .strictObject({
    name: z.string(),
    experiment_id: z.string(),
    registered_at: z.string().nullable(),
    registration_sha256: z.string().nullable(),
    seed: z.string().nullable(),
    baseline: z.string().nullable(),
    candidates: z.array(z.string()).readonly(),
    /** `meter`: what windows worked by hand took of the meter named next. */
    cost_measure: z.enum(["tokens", "usd", "meter"]),
    cost_meter: z.string().nullable(),
    /** Whether whole windows are compared or only their sub-agents' requests. */
    cost_scope: z.enum(["window", "subagents"]),
    /** Token classes that a cost in tokens counts. */
    token_basis: TokenBasis,
    /** false: vendors count tokens differently, or meters are of different plans. */
    is_cost_comparable: z.boolean(),
    providers: z.array(ProviderQuestion).readonly(),
    tasks: z.array(Task).readonly(),
  })
  .readonly();
export type Asked = z.infer<typeof Asked>;

const Session = z
  .strictObject({
    session_id: z.string(),
    opened_at: z.string(),
    resumed: z.boolean(),
    /** Why it ended; null where it left no word. */
    closed: z.string().nullable(),
  })
  .readonly();

/** One planned window and what became of it. */
export const WindowLine = z
  .strictObject({
    window: z.string().nullable(),
    feature_id: z.string(),
    replicate: Count,
    period: Count,
    provider: z.string(),
    executed_order: Count.nullable(),
    attempts: Count,
    state: z.enum(["valid", "missing", "not_run"]),
    outcome: Outcome.nullable(),
    /** Why the window is missing or was stopped. */
    reason: z.string().nullable(),
    scenarios_passed: Count.nullable(),
    scenarios: Count.nullable(),
    quality: z.number().nullable(),
    cost: z.number().nullable(),
    /** The window was capped: its work would have cost more. */
    is_lower_bound: z.boolean(),
    touched_by: TouchedBy,
  })
  .readonly();
export type WindowLine = z.infer<typeof WindowLine>;

export const Ran = z
  .strictObject({
    sessions: z.array(Session).readonly(),
    /** Changes of budgets, limits or paths between sessions; the question stayed the same. */
    amendments: z
      .array(
        z
          .strictObject({ recorded_at: z.string(), changed: z.array(z.string()).readonly() })
          .readonly(),
      )
      .readonly(),
    windows: z
      .strictObject({
        planned: Count,
        finalized: Count,
        valid: Count,
        missing: Count,
        not_run: Count,
      })
      .readonly(),
    attempts: z.strictObject({ opened: Count, interrupted: Count, unfinished: Count }).readonly(),
    outcomes: z.array(OutcomeCount).readonly(),
    missing: z
      .array(
        z
          .strictObject({ provider: z.string(), period: Count, cause: z.string(), windows: Count })
          .readonly(),
      )
      .readonly(),
    schedule: z.array(WindowLine).readonly(),
  })
  .readonly();
export type Ran = z.infer<typeof Ran>;

export const AnomalyLine = z
  .strictObject({
    number: z.int().positive(),
    id: z.string(),
    kind: z.string(),
    recorded_at: z.string(),
    /** As the row names them. */
    touches: z.array(z.string()).readonly(),
    /** The windows that they belong to. */
    windows: z.array(z.string()).readonly(),
    action: z.string(),
  })
  .readonly();
export type AnomalyLine = z.infer<typeof AnomalyLine>;

const Limit = z
  .strictObject({
    /** Tokens; null: unlimited. */
    limit: Count.nullable(),
    /** Where the limit came from. */
    origin: z.string().nullable(),
    used: Count,
  })
  .readonly();

/** One budget in its own unit. */
const BudgetLine = z
  .strictObject({
    scope: BudgetScope,
    /** The base command, the role, or the scope's own name. */
    name: z.string(),
    unit: BudgetUnit,
    /** Tokens of the basis, dollars or minutes; null: unlimited, or not to hold. */
    limit: z.number().nonnegative().nullable(),
    origin: z.string().nullable(),
    /** What the limit is compared with: all, what the period took, or the dearest attempt. */
    used: z.number().nonnegative(),
    /** Of all attempts; of a period as `used`. */
    total: z.number().nonnegative(),
    /** null where it is not counted by attempt. */
    attempts: Count.nullable(),
    /** What the last session took in an hour; null where nobody can tell, or by attempt. */
    pace_per_hour: z.number().nonnegative().nullable(),
  })
  .readonly();
export type BudgetLine = z.infer<typeof BudgetLine>;

export const Budgets = z
  .strictObject({
    mode: z.string().nullable(),
    basis: TokenBasis,
    /** Of all attempts of all sessions. */
    overall: Limit,
    /** Reserved for requests that were never settled; counts as used. */
    unsettled: Count,
    /** Taken beyond what requests had reserved. */
    overshoot: Count,
    /** A command's limit holds per attempt: `used` is that of the dearest one. */
    commands: z
      .array(
        z
          .strictObject({
            command: z.string(),
            attempts: Count,
            total: Count,
            ...Limit.def.innerType.shape,
          })
          .readonly(),
      )
      .readonly(),
    /** Every budget in every unit that was limited or used. */
    lines: z.array(BudgetLine).readonly(),
    /** How far back the rolling period reaches, ms; null without one. */
    period_ms: Count.nullable(),
    /** Whether budgets are drawn as bars. */
    has_visuals: z.boolean(),
    events: z
      .array(
        z
          .strictObject({ budget: z.string(), warned: Count, refused: Count, breached: Count })
          .readonly(),
      )
      .readonly(),
    touched_by: TouchedBy,
  })
  .readonly();
export type Budgets = z.infer<typeof Budgets>;

const RowCounts = z
  .array(z.strictObject({ record: z.string(), rows: Count }).readonly())
  .readonly();
export type RowCounts = z.infer<typeof RowCounts>;

/** Everything that a report says, from the ledger alone; the same ledger gives the same bytes. */
export const ReportData = z
  .strictObject({
    report_version: z.literal("1.0.0"),
    title: z.string(),
    /** Every model was scripted: the figures say nothing about a real one. */
    is_scripted: z.boolean(),
    asked: Asked,
    ran: Ran,
    providers: z.array(ProviderFigures).readonly(),
    pairs: z.array(PairLine).readonly(),
    comparisons: z.array(Comparison).readonly(),
    /** All providers in one model; null with a single candidate. */
    arms: ArmsFit.nullable(),
    /** Beside the cost, whatever that is measured in. */
    dollars: DollarFigures,
    /** By provider and backend, as far as a proxy stood between them. */
    traffic: z.array(BackendTraffic).readonly(),
    /** What the gates last decided; null where no look was recorded. */
    gate: GateReport.nullable(),
    anomalies: z.array(AnomalyLine).readonly(),
    /** Rows that do not keep their schema or have another major version; they enter nowhere. */
    unreadable_rows: RowCounts,
    /** Rows of records of a later version; they are kept and enter nowhere. */
    unknown_rows: RowCounts,
    /** Rows with the id of a row that was read before; each is among the anomalies. */
    duplicate_rows: RowCounts,
    budgets: Budgets,
    /** Meters and readings of windows worked by hand; null for a registered experiment. */
    by_hand: HandWork.nullable(),
    /** How graded code was kept apart, by number of windows. */
    isolation: z
      .array(
        z
          .strictObject({
            part: z.enum(["agent", "grader"]),
            isolation: z.string(),
            windows: Count,
          })
          .readonly(),
      )
      .readonly(),
    versions: z
      .array(
        z.strictObject({ name: z.string(), versions: z.array(z.string()).readonly() }).readonly(),
      )
      .readonly(),
    /** Command lines that ask the same question again. */
    reproduce: z.array(z.string()).readonly(),
  })
  .readonly();
export type ReportData = z.infer<typeof ReportData>;

/** The JSON Schema of `experiment report --json`. */
export function reportJsonSchema(): object {
  return z.toJSONSchema(ReportData);
}

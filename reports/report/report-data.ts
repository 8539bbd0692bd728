import { z } from "zod";

import { BudgetScope, BudgetUnit } from "../../ledger/domain/budget-event.ts";
import { TokenBasis } from "../../ledger/domain/token-basis.ts";
import { Answer } from "../decisions/answer-data.ts";
import { Isolation } from "../evidence/count-isolation.ts";
import { AnomalyLine } from "../evidence/index-affected.ts";
import { WindowLine } from "../evidence/observe-windows.ts";
import { Question } from "../evidence/question.ts";
import {
  AffectedBy,
  Count,
  exact,
  listOf,
  NumberOrNull,
  OutcomeCount,
  Role,
  Text,
  TextOrNull,
  WindowCounts,
} from "../evidence/schema.ts";
import { GateReport } from "../gate/gate-report.ts";
import { DollarFigures } from "./dollar-data.ts";
import { EstimateData } from "./estimate.ts";
import { ManualFigures } from "./manual-data.ts";
import { EndRates } from "./rate-ends.ts";

const Tokens = Count.nullable();

const Latency = exact({ n: Count, p50: NumberOrNull, p95: NumberOrNull });

/** One provider's figures, over its valid windows unless a field says otherwise. */
export const ProviderFigures = exact({
  provider: Text,
  role: Role,
  windows: WindowCounts,
  /** Features with a valid window. */
  features: Count,
  outcomes: listOf(OutcomeCount),
  /** null: no window reports this class. */
  tokens: exact({
    input_uncached: Tokens,
    cache_read: Tokens,
    cache_write_5m: Tokens,
    cache_write_1h: Tokens,
    output: Tokens,
    reasoning: Tokens,
  }),
  /** In the cost's basis: in the valid windows, and elsewhere (earlier attempts, missing windows). */
  tokens_valid: Count,
  tokens_apart: Count,
  cost: exact({
    n: Count,
    mean: NumberOrNull,
    geometric_mean: NumberOrNull,
    lower_bounds: Count,
  }),
  quality: exact({ n: Count, ...EstimateData.def.innerType.shape }),
  requests: exact({
    total: Count,
    errors: Count,
    refused: Count,
    error_rate: NumberOrNull,
    touched_by: AffectedBy,
  }),
  /** In the windows that are compared: see `latency_by_candidate`. All of them without a baseline. */
  latency_ms: Latency,
  churn: exact({ n: Count, files_changed: Count, insertions: Count, deletions: Count }),
  /** Use by the proxy's counter, over the provider's finalized windows; null if it can't be proven. */
  capacity: exact({ meter: Text, used: NumberOrNull }),
  /** Features per million tokens, each weighted with its quality: Σ quality ÷ Σ tokens · 10⁶. */
  efficiency: EstimateData,
  touched_by: AffectedBy,
  /**
   * Latencies in the complete pairs with each candidate, as the gate has them. If they differ, because
   * the baseline has lost other partners with each, `latency_ms` has no value.
   */
  latency_by_candidate: listOf(exact({ candidate: Text, ...Latency.def.innerType.shape })),
  /** A window that is not final counts by its last attempt. */
  ends: EndRates,
});
export type ProviderFigures = z.infer<typeof ProviderFigures>;

/** One feature in one replicate, for the baseline and a candidate. */
export const PairLine = exact({
  candidate: Text,
  feature_id: Text,
  replicate: Count,
  /** AB: the baseline first. */
  sequence: z.enum(["AB", "BA"]),
  is_complete: z.boolean(),
  /** Why it is not complete. */
  reason: TextOrNull,
  baseline_cost: NumberOrNull,
  candidate_cost: NumberOrNull,
  /** Baseline ÷ candidate: 2 means that the candidate needs half. */
  cost_ratio: NumberOrNull,
  baseline_quality: NumberOrNull,
  candidate_quality: NumberOrNull,
  has_capped: z.boolean(),
  touched_by: AffectedBy,
});
export type PairLine = z.infer<typeof PairLine>;

/** What the pairs of the baseline and one candidate say about cost. */
export const Comparison = exact({
  candidate: Text,
  pairs: exact({
    planned: Count,
    complete: Count,
    ab: Count,
    ba: Count,
    incomplete: Count,
    missing_period1: Count,
    missing_period2: Count,
    capped: Count,
  }),
  /** Features that enter; the unit of inference. */
  features: Count,
  /** Geometric mean of baseline ÷ candidate over the pairs, not adjusted for order. */
  cost_ratio: EstimateData,
  /** The same, adjusted for order: the primary analysis if both orders occur. */
  adjusted_cost_ratio: EstimateData,
  /** Σ baseline ÷ Σ candidate. */
  totals_ratio: NumberOrNull,
  /** Cost in period 1 ÷ cost in period 2, whichever provider. */
  order_effect: EstimateData,
  /** Reported only: it never decides which analysis is used. */
  carryover: exact({ p_two_sided: NumberOrNull, is_warned: z.boolean(), reason: TextOrNull }),
  statements: listOf(Text),
  touched_by: AffectedBy,
});
export type Comparison = z.infer<typeof Comparison>;

/** Three or more providers in one model: least squares of ln cost on task, period and provider. */
export const ArmsFit = exact({
  status: z.enum([
    "ok",
    "zero_variance",
    "no_data",
    "one_sequence",
    "insufficient",
    "invalid_input",
  ]),
  /** Every valid window with a cost enters, also those of incomplete pairs. */
  windows: Count,
  candidates: listOf(
    exact({
      candidate: Text,
      /** Baseline ÷ candidate. */
      cost_ratio: EstimateData,
      /** One-sided p-values against "at most 1" and "at most 2", and the latter after Holm. */
      p_above_1: NumberOrNull,
      p_above_2: NumberOrNull,
      p_above_2_holm: NumberOrNull,
      touched_by: AffectedBy,
    }),
  ),
});
export type ArmsFit = z.infer<typeof ArmsFit>;

/** What one backend did for a provider's agents, as the proxy recorded it. */
export const BackendTraffic = exact({
  provider: Text,
  backend: Text,
  /** Requests to a model that were sent to it. */
  prompts: Count,
  /** Share of the provider's prompts, 0…100. */
  routed_pct: z.number().min(0).max(100),
  /**
   * Milliseconds from a request's head to its answer's end, in the windows of the provider's
   * `latency_ms`; of all prompts if no pair is complete. null if there is no one value.
   */
  p50: z.number().nonnegative().nullable(),
  p95: z.number().nonnegative().nullable(),
  /** Share of failed prompts among those that were answered or failed, 0…1; null without any. */
  error_rate: z.number().min(0).max(1).nullable(),
});
export type BackendTraffic = z.infer<typeof BackendTraffic>;

/** Requests of a provider's agents for which a model may have worked, and which nothing could count. */
const UnmeteredTraffic = exact({
  provider: Text,
  passed: Count,
  /** A budget held, so the proxy did not send them on. */
  refused: Count,
});
export type UnmeteredTraffic = z.infer<typeof UnmeteredTraffic>;

export const Ran = exact({
  sessions: listOf(
    exact({
      session_id: Text,
      opened_at: Text,
      resumed: z.boolean(),
      /** Why it ended; null if it ended without a row. */
      closed: TextOrNull,
    }),
  ),
  /** Changes of budgets, limits or paths between sessions; the question stayed the same. */
  amendments: listOf(exact({ recorded_at: Text, changed: listOf(Text) })),
  windows: WindowCounts,
  attempts: exact({ opened: Count, interrupted: Count, unfinished: Count }),
  outcomes: listOf(OutcomeCount),
  missing: listOf(exact({ provider: Text, period: Count, cause: Text, windows: Count })),
  schedule: listOf(WindowLine),
});
export type Ran = z.infer<typeof Ran>;

const Limit = exact({
  /** Tokens; null: unlimited. */
  limit: Count.nullable(),
  /** What set the limit. */
  origin: TextOrNull,
  used: Count,
});

/** One budget in its own unit. */
const BudgetLine = exact({
  scope: BudgetScope,
  /** The base command, the role, or the scope's own name. */
  name: Text,
  unit: BudgetUnit,
  /** Tokens of the basis, dollars or minutes; null: unlimited, or not enforced. */
  limit: z.number().nonnegative().nullable(),
  origin: TextOrNull,
  /** What the limit is compared with: all use, use in the period, or the dearest attempt. */
  used: z.number().nonnegative(),
  /** Use by all attempts; for a period the same as `used`. */
  total: z.number().nonnegative(),
  /** null if the budget is not counted by attempt. */
  attempts: Count.nullable(),
  /** Use by the last session in an hour; null if unknown, or counted by attempt. */
  pace_per_hour: z.number().nonnegative().nullable(),
});
export type BudgetLine = z.infer<typeof BudgetLine>;

export const Budgets = exact({
  mode: TextOrNull,
  basis: TokenBasis,
  /** Over all attempts of all sessions. */
  overall: Limit,
  /** Reserved for requests that were never settled; counts as used. */
  unsettled: Count,
  /** Taken beyond the reservations of requests. */
  overshoot: Count,
  /** A command's limit holds for each attempt: `used` is that of the dearest one. */
  commands: listOf(
    exact({ command: Text, attempts: Count, total: Count, ...Limit.def.innerType.shape }),
  ),
  /** Every budget in every unit that was limited or used. */
  lines: listOf(BudgetLine),
  /** Use by attempts that had ended, over the time since the end of the first one. */
  burn: listOf(
    exact({
      at_ms: Count,
      tokens: z.number().nonnegative(),
      usd: z.number().nonnegative(),
      minutes: z.number().nonnegative(),
    }),
  ),
  /** Length of the rolling period, ms; null without one. */
  period_ms: Count.nullable(),
  /** Whether budgets are drawn as bars. */
  has_visuals: z.boolean(),
  events: listOf(exact({ budget: Text, warned: Count, refused: Count, breached: Count })),
  touched_by: AffectedBy,
});
export type Budgets = z.infer<typeof Budgets>;

const RowCounts = listOf(exact({ record: Text, rows: Count }));
export type RowCounts = z.infer<typeof RowCounts>;

/** Connections of a provider's agents to one host and port. */
const Connection = exact({ provider: Text, host: Text, port: Count, count: Count });
export type Connection = z.infer<typeof Connection>;

/** What agents reached besides their models, and what they asked for in vain. */
const Network = exact({
  /** As registered. */
  mode: z.enum(["closed", "allowed-hosts", "open"]),
  /** The hosts that the experiment or a task allows. */
  allowed: listOf(Text),
  /** Final windows whose agents had no sandbox, so that nothing held their connections back. */
  unlimited_windows: Count,
  /** Final windows with a sandbox whose connections were counted. */
  counted_windows: Count,
  blocked: listOf(Connection),
  tunnelled: listOf(
    exact({ ...Connection.def.innerType.shape, bytes_sent: Count, bytes_received: Count }),
  ),
  /** Attempts without an end, or whose harness was gone before it: their connections are not known. */
  unknown_attempts: Count,
});
export type Network = z.infer<typeof Network>;
/** A comparison of the baseline with itself: what this set-up calls a difference. */
const AgainstItself = exact({
  figures: listOf(
    exact({
      figure: Text,
      /** What no difference is: 1 for a ratio, 0 for a difference. */
      equal: z.number(),
      value: NumberOrNull,
      lower: NumberOrNull,
      upper: NumberOrNull,
      /** The level of the interval in percent; fixed-n. */
      level: Count,
      /** Whether the interval leaves out what no difference is; null without an interval. */
      is_different: z.boolean().nullable(),
    }),
  ),
  /** The smallest true cost ratio that is found with `power_min`, by the spread of these pairs. */
  smallest_ratio: NumberOrNull,
  power_min: z.number(),
  /** The power at the gates' cost target. */
  cost_target: z.number(),
  power: NumberOrNull,
  /** What the gate said under each policy; null before the first look. */
  verdicts: z.record(Text, Text).nullable(),
});
export type AgainstItself = z.infer<typeof AgainstItself>;

/** The conditions under which agents worked. */
const Conditions = exact({
  /** What limited agents, by number of valid windows. */
  limits: listOf(
    exact({
      resource: z.enum(["cpus", "memory", "processes"]),
      /** CPUs, bytes, or processes. */
      limit: z.number(),
      /** null: nothing enforced it. */
      enforced_by: TextOrNull,
      windows: Count,
    }),
  ),
  /** Medians over each provider's valid windows; a window has the mean of its start and its end. */
  providers: listOf(
    exact({
      provider: Text,
      windows: Count,
      load_1m: NumberOrNull,
      free_memory_bytes: NumberOrNull,
      cpu_pressure: NumberOrNull,
    }),
  ),
});
export type Conditions = z.infer<typeof Conditions>;

/** The evidence at one recorded look, as decimal logarithms of e-values; null: not defined. */
const LookEvidence = exact({
  candidate: Text,
  /** From 1, for each candidate. */
  number: z.int().positive(),
  pairs: Count,
  recorded_at: Text,
  /** That the candidate is cheaper than the target says: by the pairs' ratios, and by their signs alone. */
  cost: NumberOrNull,
  cost_sign: NumberOrNull,
  /** That the candidate keeps the required share of quality. */
  quality: NumberOrNull,
});
export type LookEvidence = z.infer<typeof LookEvidence>;

/** Everything that a report says, from the ledger alone; the same ledger gives the same bytes. */
export const ReportData = exact({
  report_version: z.literal("1.0.0"),
  title: Text,
  /** Every model was scripted: the figures say nothing about a real one. */
  is_scripted: z.boolean(),
  /** One for each candidate; empty without a baseline. */
  answers: listOf(Answer),
  asked: Question,
  ran: Ran,
  providers: listOf(ProviderFigures),
  pairs: listOf(PairLine),
  comparisons: listOf(Comparison),
  /** All providers in one model; null with a single candidate. */
  arms: ArmsFit.nullable(),
  /** Beside the cost, whatever that is measured in. */
  dollars: DollarFigures,
  /** By provider and backend, for requests that went through a proxy. */
  traffic: listOf(BackendTraffic),
  /** By provider; empty if every request could be counted. */
  unmetered: listOf(UnmeteredTraffic),
  /** Windows whose agent stated its own count of tokens, which is compared with the proxy's. */
  agent_counts: exact({ compared: Count, windows: Count }),
  /** Windows that OpenTelemetry was received for, and those of them where some came; null if it was off. */
  telemetry: exact({ received: Count, windows: Count }).nullable(),
  /** null if the arms are different configurations. */
  against_itself: AgainstItself.nullable(),
  /** What the gates last decided; null before the first decision. */
  gate: GateReport.nullable(),
  /** Every recorded look, by candidate, oldest first. */
  looks: listOf(LookEvidence),
  /** Candidate ÷ baseline quality in the pairs of the last look: two-sided 95 %, anytime-valid. */
  quality_anytime: listOf(exact({ candidate: Text, lower: z.number(), upper: NumberOrNull })),
  anomalies: listOf(AnomalyLine),
  /** Rows that break their schema or have another major version; no figure counts them. */
  unreadable_rows: RowCounts,
  /** Rows of records of a later version; they are kept, and no figure counts them. */
  unknown_rows: RowCounts,
  /** Rows with the id of a row that was read before; each is among the anomalies. */
  duplicate_rows: RowCounts,
  budgets: Budgets,
  /** Meters and readings of manual windows; null for a registered experiment. */
  by_hand: ManualFigures.nullable(),
  isolation: Isolation,
  network: Network,
  /** Later gradings of the same work; verdicts are compared only if the task is the same. */
  regraded: exact({
    windows: Count,
    gradings: Count,
    scenarios_compared: Count,
    scenarios_agreeing: Count,
    other_task: Count,
    failed: Count,
  }).nullable(),
  /** Limits on agents, and how busy the machine was. */
  conditions: Conditions,
  versions: listOf(exact({ name: Text, versions: listOf(Text) })),
  /** The command line that names this experiment again, with the options that were given. */
  again: Text,
  /** Command lines that ask the same question again. */
  reproduce: listOf(Text),
});
export type ReportData = z.infer<typeof ReportData>;

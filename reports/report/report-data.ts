import { z } from "zod";

import { BudgetScope, BudgetUnit } from "../../ledger/domain/budget-event.ts";
import { TokenBasis } from "../../ledger/domain/token-basis.ts";
import { AnomalyLine } from "../evidence/index-affected.ts";
import { WindowLine } from "../evidence/observed-window.ts";
import { Question } from "../evidence/question.ts";
import {
  AffectedBy,
  Count,
  exact,
  listOf,
  OutcomeCount,
  Text,
  TextOrNull,
  WindowCounts,
} from "../evidence/schema.ts";
import { GateReport } from "../gate/gate-report.ts";
import {
  ArmsFit,
  BackendTraffic,
  Comparison,
  DollarFigures,
  ManualFigures,
  PairLine,
  ProviderFigures,
} from "./results-data.ts";

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

/** Everything that a report says, from the ledger alone; the same ledger gives the same bytes. */
export const ReportData = exact({
  report_version: z.literal("1.0.0"),
  title: Text,
  /** Every model was scripted: the figures say nothing about a real one. */
  is_scripted: z.boolean(),
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
  /** What the gates last decided; null before the first decision. */
  gate: GateReport.nullable(),
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
  /** How agents and graded code were isolated, by number of windows. */
  isolation: listOf(exact({ part: z.enum(["agent", "grader"]), isolation: Text, windows: Count })),
  versions: listOf(exact({ name: Text, versions: listOf(Text) })),
  /** Command lines that ask the same question again. */
  reproduce: listOf(Text),
});
export type ReportData = z.infer<typeof ReportData>;

/** The JSON Schema of `experiment report --json`. */
export function reportJsonSchema(): object {
  return z.toJSONSchema(ReportData);
}

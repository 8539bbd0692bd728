import { z } from "zod";

import { Isolation } from "../evidence/count-isolation.ts";
import { Machines } from "../evidence/count-machines.ts";
import { AnomalyLine } from "../evidence/index-affected.ts";
import { NamedLedger } from "../evidence/named-ledger.ts";
import { Question } from "../evidence/question.ts";
import { Count, exact, listOf, NumberOrNull, Text } from "../evidence/schema.ts";
import { Answer } from "./answer-data.ts";
import { Budgets } from "./budget-data.ts";
import { AgainstItself, ArmsFit, Comparison, PairLine } from "./comparison-data.ts";
import { Conditions } from "./condition-data.ts";
import { DollarFigures } from "./dollar-data.ts";
import { GateReport } from "./gate-report.ts";
import { ManualFigures } from "./manual-data.ts";
import { ProviderFigures } from "./provider-data.ts";
import { Ran } from "./run-data.ts";
import { Teams } from "./team-data.ts";
import { BackendTraffic, Network, UnmeteredTraffic } from "./traffic-data.ts";

const RowCounts = listOf(exact({ record: Text, rows: Count }));
export type RowCounts = z.infer<typeof RowCounts>;

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
  /** null for rows that no ledger keeps. */
  ledger: NamedLedger.nullable(),
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
  /** null if one agent worked each window alone. */
  teams: Teams.nullable(),
  /** Limits on agents, and how busy the machine was. */
  conditions: Conditions,
  /** null if the run itself worked all windows. */
  machines: Machines.nullable(),
  versions: listOf(exact({ name: Text, versions: listOf(Text) })),
  /** The command line that names this experiment again, with the options that were given. */
  again: Text,
  /** Command lines that ask the same question again. */
  reproduce: listOf(Text),
});
export type ReportData = z.infer<typeof ReportData>;

import { latestOf } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { recordedGate } from "../analysis/recorded-gate.ts";
import type { BudgetRows } from "./budget-rows.ts";
import { compareCosts } from "./compare-costs.ts";
import { describeBudgets } from "./describe-budgets.ts";
import { describeDollars } from "./describe-dollars.ts";
import { describeHandWork } from "./describe-hand-work.ts";
import { countIsolation, listReproduction, listVersions } from "./describe-provenance.ts";
import { describeProviders } from "./describe-providers.ts";
import { describeRun } from "./describe-run.ts";
import { describeTraffic } from "./describe-traffic.ts";
import { fitArms } from "./fit-arms.ts";
import { listPairs } from "./list-pairs.ts";
import { createContext } from "./report-context.ts";
import type { ReportData, RowCounts } from "./report-data.ts";
import { roundNumbers } from "./round-numbers.ts";

const NO_ROWS: BudgetRows = { rows: [] };

/**
 * Says what an experiment's ledger means. Pure and without a clock: the same rows give the same
 * report, in whatever order rows of different files arrived, to the byte of its JSON. What was taken
 * by role, in dollars and in minutes is told by the rows of `budgets.jsonl`.
 */
export function buildReport(view: ExperimentView, budgets: BudgetRows = NO_ROWS): ReportData {
  const context = createContext(view);
  const { asked, touches } = context;
  const pairs = listPairs(context);
  const isScripted = latestOf(view.registrations.values())?.scripted ?? false;
  const byHand = describeHandWork(context);
  const arms = fitArms(context);
  const report: ReportData = {
    report_version: "1.0.0",
    title: `Report: ${asked.name}${isScripted ? " (the model was scripted)" : ""}`,
    is_scripted: isScripted,
    asked,
    ran: describeRun(context),
    providers: describeProviders(context),
    pairs,
    comparisons: byHand === null ? compareCosts(asked, pairs, arms) : [],
    arms,
    dollars: describeDollars(context),
    traffic: describeTraffic(view),
    gate: recordedGate(view, asked.candidates),
    anomalies: touches.anomalies,
    unreadable_rows: countRows(view.unreadable),
    unknown_rows: countRows(view.unknown),
    duplicate_rows: countRows(view.duplicates),
    budgets: describeBudgets(context, budgets),
    by_hand: byHand,
    isolation: countIsolation(context),
    versions: listVersions(context),
    reproduce: listReproduction(context),
  };
  return roundNumbers(report);
}

function countRows(counts: ReadonlyMap<string, number>): RowCounts {
  return [...counts]
    .map(([record, rows]) => ({ record, rows }))
    .toSorted((left, right) => (left.record < right.record ? -1 : 1));
}

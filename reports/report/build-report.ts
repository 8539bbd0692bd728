import { latestOf } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { countIsolation } from "../evidence/count-isolation.ts";
import { countMachines } from "../evidence/count-machines.ts";
import { type Evidence, gatherEvidence } from "../evidence/evidence.ts";
import { listVersions } from "../evidence/group-sorted.ts";
import { listReproduction, runCommand } from "../evidence/run-command.ts";
import { roundNumbers } from "../text/round-numbers.ts";
import { answerCandidates } from "./answer-candidates.ts";
import { compareCosts, describePairs, fitArms } from "./compare-costs.ts";
import { describeAgainstItself } from "./describe-against-itself.ts";
import { describeBudgetUse } from "./describe-budget-use.ts";
import { describeConditions } from "./describe-conditions.ts";
import { describeManual } from "./describe-manual.ts";
import { describeNetwork } from "./describe-network.ts";
import {
  countUnmetered,
  describeDollars,
  describeProviders,
  describeTraffic,
} from "./describe-providers.ts";
import { describeRegrading } from "./describe-regrading.ts";
import { describeRun } from "./describe-run.ts";
import { describeTeams } from "./describe-teams.ts";
import { recordedGate, type Surroundings } from "./gate-report.ts";
import { listLooks, qualityAtLastLooks } from "./list-looks.ts";
import type { ReportData, RowCounts } from "./report-data.ts";
import type { BudgetRows } from "./sum-budgets.ts";

const NO_ROWS: BudgetRows = { read: () => [] };

/**
 * Builds the report of an experiment. It reads no clock: the same rows give the same bytes of JSON,
 * in whatever order the rows of different files arrived. The rows of `budgets.jsonl` give what roles
 * used, and use in dollars and minutes.
 */
export function buildReport(
  view: ExperimentView,
  budgets: BudgetRows = NO_ROWS,
  surroundings: Surroundings = {},
): ReportData {
  return reportOf(gatherEvidence(view), budgets, surroundings);
}

/** The report, for a caller that needs the evidence for something else too. */
export function reportOf(
  evidence: Evidence,
  budgets: BudgetRows,
  { ledger = null, ...around }: Surroundings,
): ReportData {
  const { view, asked, affected, windows } = evidence;
  const pairs = describePairs(evidence);
  const isScripted = latestOf(view.registrations.values())?.scripted ?? false;
  const manual = describeManual(evidence);
  const arms = fitArms(evidence);
  const comparisons = manual === null ? compareCosts(asked, pairs, arms) : [];
  const gate = recordedGate(evidence, { ledger, ...around });
  const budgetUse = describeBudgetUse(evidence, budgets);
  const dollars = describeDollars(evidence);
  const report: ReportData = {
    report_version: "1.0.0",
    title: `Report: ${asked.name}${isScripted ? " (the model was scripted)" : ""}`,
    is_scripted: isScripted,
    ledger,
    answers: answerCandidates(evidence, { isScripted, gate, dollars, budgets: budgetUse }),
    asked,
    ran: describeRun(evidence),
    providers: describeProviders(evidence),
    pairs,
    comparisons,
    arms,
    dollars,
    traffic: describeTraffic(evidence),
    unmetered: countUnmetered(view),
    agent_counts: countAgentCounts(windows),
    telemetry: countTelemetry(windows),
    against_itself: describeAgainstItself(evidence, comparisons, gate),
    gate,
    looks: listLooks(evidence),
    quality_anytime: qualityAtLastLooks(evidence),
    anomalies: affected.anomalies,
    unreadable_rows: countRows(view.unreadable),
    unknown_rows: countRows(view.unknown),
    duplicate_rows: countRows(view.duplicates),
    budgets: budgetUse,
    by_hand: manual,
    isolation: countIsolation(evidence),
    network: describeNetwork(evidence),
    regraded: describeRegrading(view.regradings.values()),
    teams: describeTeams(evidence, { pairs, comparisons }),
    conditions: describeConditions(view),
    machines: countMachines(evidence),
    versions: listVersions([
      ...[...view.sessions.values()].map(({ versions }) => versions),
      ...windows.map(({ final }) => final?.versions ?? {}),
    ]),
    again: runCommand(evidence),
    reproduce: listReproduction(evidence),
  };
  return roundNumbers(report);
}

function countAgentCounts(windows: Evidence["windows"]): ReportData["agent_counts"] {
  const finals = windows.flatMap(({ final }) => final ?? []);
  const compared = finals.filter(({ reported_usage: usage }) => usage !== null).length;
  return { compared, windows: finals.length };
}

function countTelemetry(windows: Evidence["windows"]): ReportData["telemetry"] {
  const sent = windows.flatMap(({ final }) =>
    final?.telemetry_usage === undefined ? [] : [final.telemetry_usage],
  );
  const received = sent.filter((usage) => usage !== null).length;
  return sent.length === 0 ? null : { received, windows: sent.length };
}

function countRows(counts: ReadonlyMap<string, number>): RowCounts {
  return [...counts]
    .map(([record, rows]) => ({ record, rows }))
    .toSorted((left, right) => (left.record < right.record ? -1 : 1));
}

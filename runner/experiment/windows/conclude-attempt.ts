import { badUsage, DIVERGENT, unstatedUsage } from "../../../ledger/domain/anomaly.ts";
import { tokensIn } from "../../../ledger/domain/token-basis.ts";
import type { Usage } from "../../../ledger/domain/usage.ts";
import type { AgentLog, Churn, SealedWork } from "../../../ledger/domain/window.ts";
import { compareUsages, divergentClasses } from "../../../ledger/invariants/reconcile.ts";
import { sayWhichCounts } from "../../../reports/text/divergence-text.ts";
import type { AgentReport } from "../../agents/drivers/driver.ts";
import type { BudgetAttempt, BudgetRefusal } from "../../gateway/budgets/budget-attempt.ts";
import type { TrafficTally } from "../../gateway/traffic/attempt-traffic.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { nullIfGit } from "../../platform/git/run-git.ts";
import { endOfReading } from "../../platform/reader/end-of-reading.ts";
import type { Task } from "../../tasks/bank/task.ts";
import type { Grade } from "../../tasks/grading/grade-result.ts";
import type { Workspace } from "../../tasks/workspaces/create-workspace.ts";
import { measureChurn } from "../../tasks/workspaces/measure-churn.ts";
import { type SealedWorkspace, sealWorkspace } from "../../tasks/workspaces/seal-workspace.ts";
import { keepSealedWork } from "../../tasks/workspaces/sealed-work.ts";
import type { AgentRecord } from "./agent-job.ts";
import { lastLineOf } from "./agent-log.ts";
import {
  type AttemptFacts,
  decideByAgent,
  decideGraded,
  decideUngraded,
  describeKeyRefusal,
} from "./decide-outcome.ts";
import { describeGrade, type Graded, graderVersions, gradeWork } from "./grade-work.ts";
import { noticeLeftOut } from "./notice-left-out.ts";
import type { AttemptResult, NoticedAnomaly } from "./window-worker.ts";

/** The agents' part of an attempt before it is graded. */
export interface AgentRunRecord extends Omit<AgentRecord, "budget" | "log"> {
  /** What its agents printed. */
  readonly logs: readonly AgentLog[];
  readonly task: Task;
  /** The final work is in its folder. */
  readonly workspace: Workspace;
  readonly budget: Pick<BudgetAttempt, "refusal">;
  /** Whose own count is compared with the proxy's. */
  readonly source: string;
  /** The agents that worked. */
  readonly versions: Readonly<Record<string, string>>;
  /** The work of a team, which is sealed turn by turn. */
  readonly sealed?: SealedWorkspace;
  /** The requests of the turn that ended a team's workflow; absent: those of the whole attempt decide. */
  readonly lastTally?: TrafficTally;
  /** How a team's workflow ended, if it did not come to its end; only a budget or an interruption says more. */
  readonly teamEnd?: Pick<AttemptResult, "outcome" | "reason">;
}

interface Conclusion {
  readonly environment: Environment;
  readonly signal: AbortSignal;
  /** The folder that keeps the work of each graded attempt. */
  readonly captures: string;
  /** Above this share, the agent's own count and the proxy's are divergent. */
  readonly divergenceShare: number;
  /** Overwrites secrets in a file of the work before it is kept. */
  readonly redactFile: (content: Buffer) => Buffer;
}

/** Seals the agent's work, measures and grades it, and says how the attempt ended. */
export async function concludeAttempt(
  record: AgentRunRecord,
  { environment, signal, captures, divergenceShare, redactFile }: Conclusion,
): Promise<AttemptResult> {
  const { task, workspace } = record;
  const sealed =
    record.sealed ?? (await sealWorkspace({ task, workspace, signal, redactFile }, environment));
  const facts = await factsOf(record, captures, signal);
  const ungraded = decideUngraded(facts);
  const [churn, work] = await Promise.all([
    measureChurn(sealed, environment, endOfReading(signal)).catch(nullIfGit),
    ungraded === null
      ? keepSealedWork(sealed, { captures, task }, environment).catch(nullIfGit)
      : null,
  ]);
  const graded: Graded =
    ungraded === null
      ? await gradeWork({ task, workspace, sealed }, { environment, signal })
      : { verdict: ungraded, result: null, starved: [] };
  const { result, starved } = graded;
  const { report } = record;
  const { usage, requests, traffic, dollars, dollarsElsewhere } = record.tally.read();
  const sent = record.telemetry?.read();
  return {
    ...(graded.result === null ? graded.verdict : decideGraded(facts, graded.result)),
    ...describeKeyRefusal(facts),
    limitResetsAtMs: record.limitResetsAtMs,
    usage,
    requests,
    traffic,
    dollars: { ...dollars, reported: report.costUsd ?? null },
    dollarsElsewhere,
    meters: record.meters,
    commitStart: sealed.commitStart,
    commitEnd: sealed.commitEnd,
    churn,
    ...describeGrade(result),
    agentIsolation: record.isolation,
    network: record.network,
    connections: record.connections,
    resources: record.resources,
    timings: {
      agent_ms: Math.round(record.end.durationMs),
      grading_ms: Math.round(result?.durationMs ?? 0),
    },
    ...describeKept(work, result, facts),
    exitCode: record.end.exitCode,
    ...describeReported(report),
    ...(sent === undefined ? {} : { telemetryUsage: sent }),
    ...(record.logs.length === 0 ? {} : { agentLogs: record.logs }),
    anomalies: [
      ...noticeAnomalies(record, sealed),
      ...noticeNoChurn(churn),
      ...starved,
      ...noticeCounts(record, sent, divergenceShare),
      ...noticeUncounted(record),
    ],
    versions: { ...record.versions, ...graderVersions(result) },
  };
}

function describeReported(
  report: Partial<AgentReport>,
): Pick<AttemptResult, "reportedUsage" | "isReportedMainOnly"> {
  return {
    reportedUsage: report.usage ?? null,
    ...(report.isMainOnly === true ? { isReportedMainOnly: true } : {}),
  };
}

/** The kept work, and what its grade will need if there is none yet. */
function describeKept(
  work: SealedWork | null,
  result: Grade | null,
  facts: AttemptFacts,
): Pick<AttemptResult, "sealedWork" | "agentEnd"> {
  if (work === null) return {};
  const agentEnd = result === null ? decideByAgent(facts) : null;
  return { sealedWork: work, ...(agentEnd === null ? {} : { agentEnd }) };
}

function noticeNoChurn(churn: Churn | null): readonly NoticedAnomaly[] {
  if (churn !== null) return [];
  const action =
    "Git could not compare the start and the end of the work; the churn stays unknown.";
  return [{ kind: "churn-unmeasured", observed: {}, action }];
}

async function factsOf(
  { tally, lastTally, budget, end, teamEnd, report, logs }: AgentRunRecord,
  captures: string,
  signal: AbortSignal,
): Promise<AttemptFacts> {
  const last = (lastTally ?? tally).read();
  const { refusal } = budget;
  return {
    isInterrupted: signal.aborted && end.endedBy === "abort",
    refusal: refusal && refusalFacts(refusal),
    lastStatus: last.lastStatus,
    lastError: last.lastError,
    faultsInRow: last.faultsInRow,
    isCreditSpent: last.isCreditSpent,
    unknownModel: last.unknownModel,
    answered: last.answered,
    end,
    isReportedFailed: report.hasFailed === true,
    lastLine: await lastLineOf(captures, logs.at(-1)),
    ...(teamEnd === undefined ? {} : { teamEnd }),
  };
}

function refusalFacts({ name, scope, unpricedModel }: BudgetRefusal) {
  return { budget: name, scope, ...(unpricedModel === undefined ? {} : { unpricedModel }) };
}

function noticeAnomalies(
  { end, noticed }: AgentRunRecord,
  sealed: SealedWorkspace,
): readonly NoticedAnomaly[] {
  const anomalies: NoticedAnomaly[] = [];
  if (sealed.repaired) {
    anomalies.push({
      kind: "workspace-repaired",
      observed: {},
      action: "The agent had broken the workspace's repository. The harness made a new one.",
    });
  }
  if (end.unkilled > 0) {
    anomalies.push({
      kind: "process-survived",
      observed: { processes: end.unkilled },
      action: "Processes of the attempt could not be ended and may still run.",
    });
  }
  const leftOut = noticeLeftOut("Parts of the agent's work count as absent", sealed.leftOut);
  return [...anomalies, ...noticed, ...leftOut];
}

const TELEMETRY = "otlp";

/** A flood of telemetry fills no memory. */
function noticeUncounted({ telemetry }: AgentRunRecord): readonly NoticedAnomaly[] {
  const readings = telemetry?.leftOut() ?? 0;
  if (readings === 0) return [];
  const action = `${String(readings)} readings of OpenTelemetry found no room. This count is all that is kept of them.`;
  return [{ kind: "telemetry-left-out", observed: { readings }, action }];
}

/** Whoever reads counts that can't be right says so once. */
function noticeBadUsage({ source, tally, report, telemetry }: AgentRunRecord) {
  const faults = [
    ["proxy", tally.read().usageFault],
    [source, report.usageFault],
    [TELEMETRY, telemetry?.usageFault()],
  ] as const;
  return faults.flatMap(([by, fault]) => (fault === undefined ? [] : [badUsage(by, fault)]));
}

function noticeUnstated(tally: TrafficTally): readonly NoticedAnomaly[] {
  const { unstated } = tally.read();
  return unstated.requests === 0 ? [] : [unstatedUsage(unstated)];
}

/** @param sent what the agent sent by OpenTelemetry. */
function noticeCounts(
  record: AgentRunRecord,
  sent: Usage | null | undefined,
  divergenceShare: number,
): readonly NoticedAnomaly[] {
  const { source, tally, report, end } = record;
  const { usage, mainUsage } = tally.read();
  const own = { proxy: report.isMainOnly === true ? mainUsage : usage, ...report };
  const anomalies = [
    ...noticeBadUsage(record),
    ...noticeUnstated(tally),
    ...noticeDivergence(source, own, divergenceShare),
  ];
  if (sent === undefined || sent === null) return anomalies;
  // An agent that was killed may not have sent its last counts, and counts that can't be right are left out.
  const isWhole = end.endedBy === "itself" && record.telemetry?.usageFault() === undefined;
  const partial = isWhole ? {} : { isPartial: true as const };
  const telemetry = { proxy: usage, usage: sent, ...partial };
  return [...anomalies, ...noticeDivergence(TELEMETRY, telemetry, divergenceShare)];
}

/** Another count, such as the agent's own, is compared with the proxy's count of the same requests. */
function noticeDivergence(
  source: string,
  { proxy, usage: reported, isMainOnly, isPartial }: AgentReport & { readonly proxy: Usage },
  divergenceShare: number,
): readonly NoticedAnomaly[] {
  if (reported === undefined) return [];
  const counts = { counted: tokensIn("all", proxy), reported: tokensIn("all", reported) };
  if (isPartial === true && counts.reported <= counts.counted) return [];
  const { classes, isDivergent } = compareUsages(
    { reference: proxy, source: reported },
    { share: divergenceShare },
  );
  if (!isDivergent) return [];
  const differing = divergentClasses(classes);
  const kind = `${DIVERGENT}${source}`;
  const lane = isMainOnly === true ? ({ lane: "main" } as const) : {};
  const observed = { proxy, reported, ...differing, ...lane };
  return [{ kind, observed, action: sayWhichCounts({ kind, observed }) }];
}

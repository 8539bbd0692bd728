import type { Meter } from "../../../ledger/domain/meter.ts";
import { sumUsage } from "../../../ledger/domain/usage.ts";
import type { AgentReport } from "../../agents/drivers/driver.ts";
import type { BudgetBook } from "../../gateway/budgets/budget-book.ts";
import type { AttemptTraffic } from "../../gateway/traffic/attempt-traffic.ts";
import type { Configuration, Team } from "../../plan/config/configuration.ts";
import type { ReadyProvider } from "../../plan/providers/check-providers.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { removeFolder } from "../../platform/git/remove-folder.ts";
import type { Task } from "../../tasks/bank/task.ts";
import {
  createTurnWorkspace,
  openTeamRepository,
  sealTeam,
  type TeamRepository,
} from "../../tasks/workspaces/team-repository.ts";
import { type Return, retrospect } from "../../teams/retrospect.ts";
import type { Turn } from "../../teams/turn.ts";
import type { AgentRecord, RunAgent } from "./agent-job.ts";
import type { AgentRunRecord } from "./conclude-attempt.ts";
import { gradeWork } from "./grade-work.ts";
import { type TurnOrder, workTurn } from "./role-turn.ts";
import { type FinishedTurn, TeamRun } from "./team-run.ts";
import { type AttemptResult, type NoticedAnomaly, windowKey } from "./window-worker.ts";
import type { Attempt, Conclude } from "./work-alone.ts";

interface TeamParts {
  readonly environment: Environment;
  readonly workspaceRoot: string;
  readonly runAgent: RunAgent;
  readonly conclude: Conclude;
  readonly book: BudgetBook;
  readonly traffic: AttemptTraffic;
  readonly limits: Configuration["limits"];
  readonly redactFile: (content: Buffer) => Buffer;
  readonly readyProvider: (id: string) => ReadyProvider;
  readonly team: Team;
}

/** Works an attempt as a team: the roles in their order, then the grader on what they leave. */
export async function workAsTeam(
  parts: TeamParts,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<AttemptResult> {
  const { environment, traffic, book, limits, redactFile, team } = parts;
  const { order, task, ready } = attempt;
  const key = windowKey(order);
  const repository = await openTeamRepository(task, parts.workspaceRoot, environment);
  const { runAgent, readyProvider } = parts;
  const turnParts = { environment, repository, readyProvider, runAgent, signal };
  const workOne = async (turn: TurnOrder) => await workTurn(turnParts, attempt, turn);
  const tally = traffic.watch(key, () => undefined, ready.provider);
  try {
    const work = { environment, task, team, repository, limits, redactFile, workTurn: workOne };
    const run = new TeamRun(work, signal);
    const [first, ...others] = await run.work();
    const name = `${order.planned.window}-${String(order.attempt)}`;
    const place = { name, commit: run.commit };
    const workspace = await createTurnWorkspace(repository, place, environment);
    attempt.began("grading");
    const finished = { workspace, commitEnd: run.commit, leftOut: run.leftOut };
    const sealed = await sealTeam(repository, finished, environment);
    const turns = [first, ...others] as const;
    const record = { ...recordOf(turns, run.durationMs), task, workspace, tally, sealed };
    const result = await parts.conclude(record, signal);
    const start = { ...repository, gitDir: sealed.gitDir };
    const grading = { environment, task, repository: start, name: `${name}-graded`, signal };
    const qualityAfter = async (commit: string) =>
      result.quality === null || signal.aborted ? null : await gradeCommit(commit, grading);
    return await withTeam(result, { turns, returns: run.returns, qualityAfter });
  } finally {
    traffic.unwatch(key);
    book.closeTeam(key);
    await repository.close();
  }
}

type Turns = readonly [FinishedTurn, ...FinishedTurn[]];

/** The agents' part of the attempt: what all turns took, and how the last one ended. */
function recordOf(turns: Turns, durationMs: number) {
  const runs = turns.flatMap(({ worked }) => worked.runs);
  const [first] = turns;
  const last = turns.at(-1) ?? first;
  const lastRun = last.worked.runs.at(-1) ?? first.worked.runs[0];
  const drivers = turns.map(({ worked: { ready } }) => [ready.driver.name, ready.version] as const);
  const [source = "", ...otherSources] = new Set(drivers.map(([name]) => name));
  const { limits, start } = first.worked.runs[0].resources;
  return {
    budget: { refusal: last.isEnd ? lastRun.budget.refusal : null },
    meters: lastMeters(runs),
    limitResetsAtMs: lastRun.limitResetsAtMs,
    telemetry: sumTelemetry(runs),
    report: sumReports(runs.map(({ report }) => report)),
    end: {
      ...(last.isEnd ? lastRun.end : ENDED),
      durationMs,
      unkilled: runs.reduce((sum, { end }) => sum + end.unkilled, 0),
    },
    isolation: lastRun.isolation,
    network: lastRun.network,
    connections: {
      blocked: runs.flatMap(({ connections }) => connections.blocked),
      tunnelled: runs.flatMap(({ connections }) => connections.tunnelled),
    },
    resources: { limits, start, end: lastRun.resources.end },
    noticed: runs.flatMap(({ noticed }) => noticed),
    versions: Object.fromEntries(drivers),
    logs: runs.flatMap(({ log }) => log ?? []),
    source: otherSources.length === 0 ? source : "agents",
    ...describeEnd(last),
  } satisfies Partial<AgentRunRecord>;
}

/** A workflow that came to its end ended as an agent does that is done. */
const ENDED = { endedBy: "itself", exitCode: 0, exitSignal: null } as const;

function describeEnd({
  worked,
  isEnd,
}: FinishedTurn): Pick<AgentRunRecord, "teamEnd" | "lastTally"> {
  if (!isEnd) return {};
  const { tally } = worked.runs.at(-1) ?? worked.runs[0];
  // A turn without a request says nothing about its provider.
  const lastTally = tally.read().lastStatus === null ? {} : { lastTally: tally };
  if (worked.end !== "handoff_failed") return lastTally;
  return { ...lastTally, teamEnd: { outcome: "handoff_failed", reason: worked.reason } };
}

function lastMeters(runs: readonly AgentRecord[]): readonly Meter[] {
  return [...new Map(runs.flatMap(({ meters }) => meters).map((one) => [one.name, one])).values()];
}

/** What all agents sent; null if nothing receives it. */
function sumTelemetry(runs: readonly AgentRecord[]): AgentRunRecord["telemetry"] {
  const all = runs.flatMap(({ telemetry }) => (telemetry === null ? [] : [telemetry]));
  if (all.length === 0) return null;
  return {
    read: () => {
      const usages = all.flatMap((one) => one.read() ?? []);
      return usages.length === 0 ? null : sumUsage(usages);
    },
    leftOut: () => all.reduce((sum, one) => sum + one.leftOut(), 0),
    usageFault: () => all.flatMap((one) => one.usageFault() ?? [])[0],
  };
}

/** The counts of all agents together; nothing if one of them has none. */
function sumReports(reports: readonly AgentReport[]): AgentReport {
  const usages = reports.flatMap(({ usage }) => usage ?? []);
  const costs = reports.flatMap(({ costUsd }) => costUsd ?? []);
  const isWhole = usages.length === reports.length;
  const [usageFault] = reports.flatMap((one) => one.usageFault ?? []);
  return {
    ...(isWhole ? { usage: sumUsage(usages) } : {}),
    ...(usageFault === undefined ? {} : { usageFault }),
    ...(costs.length === reports.length
      ? { costUsd: costs.reduce((sum, cost) => sum + cost, 0) }
      : {}),
    ...(reports.some((one) => one.isMainOnly === true) ? { isMainOnly: true } : {}),
    ...(reports.some((one) => one.isPartial === true) ? { isPartial: true } : {}),
    // Earlier turns were followed by others.
    ...(reports.at(-1)?.hasFailed === true ? { hasFailed: true } : {}),
  };
}

interface GradedTeam {
  readonly turns: Turns;
  readonly returns: readonly Return[];
  /** The quality of the work at a commit; null if the attempt has no grade either. */
  readonly qualityAfter: (commit: string) => Promise<number | null>;
}

/** Adds the turns to the result, with the quality of each implementation. */
async function withTeam(
  result: AttemptResult,
  { turns: finished, returns, qualityAfter }: GradedTeam,
): Promise<AttemptResult> {
  const { churn, quality } = result;
  const built = finished.filter(isBuilt);
  const turns: Turn[] = [];
  for (const each of finished) {
    const isLast = each === built.at(-1);
    const own = isBuilt(each) && !isLast ? await qualityAfter(each.commit) : null;
    turns.push({ ...each.turn, quality: isLast ? quality : own });
  }
  const retrospective = retrospect({ turns, returns, churn, quality });
  const anomalies = [...result.anomalies, ...finished.flatMap(noticeTurn)];
  return { ...result, team: { turns, retrospective }, anomalies };
}

interface CommitGrading {
  readonly environment: Environment;
  readonly task: Task;
  readonly repository: TeamRepository;
  readonly name: string;
  readonly signal: AbortSignal;
}

/** Grades the work as it was after a turn. */
async function gradeCommit(
  commit: string,
  { environment, task, repository, name, signal }: CommitGrading,
): Promise<number | null> {
  const workspace = await createTurnWorkspace(repository, { name, commit }, environment);
  try {
    const { gitDir, commitStart } = repository;
    const sealed = { gitDir, commitStart, commitEnd: commit };
    const graded = await gradeWork({ task, workspace, sealed }, { environment, signal });
    return graded.result?.quality ?? null;
  } finally {
    await removeFolder(workspace.base, signal);
  }
}

function isBuilt({ turn }: FinishedTurn): boolean {
  return turn.handoff?.content.handoff === "implementation";
}

const SHOWN = 20;

function noticeTurn({ turn, isEnd }: FinishedTurn): readonly NoticedAnomaly[] {
  const { role, round, breaches, end } = turn;
  const breach = {
    kind: "role_breach",
    observed: { role, round, changes: breaches.slice(0, SHOWN), count: breaches.length },
    action: `The ${role} changed files that it may not change. The changes were discarded.`,
  };
  const capped = {
    kind: "role_capped",
    observed: { role, round },
    action: `The budget of the ${role} was spent. The other roles continued.`,
  };
  return [
    ...(breaches.length === 0 ? [] : [breach]),
    ...(end === "budget_spent" && !isEnd ? [capped] : []),
  ];
}

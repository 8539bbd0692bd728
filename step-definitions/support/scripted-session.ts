import path from "node:path";

import type { NewRow } from "../../ledger/domain/row.ts";
import { proxiedRequest } from "../../ledger/domain/test-support/proxied-request.ts";
import { validateRow } from "../../ledger/domain/validate-row.ts";
import { openJsonlStore } from "../../ledger/store/open-jsonl-store.ts";
import { openExperimentView } from "../../ledger/views/open-view.ts";
import { parseStopCondition } from "../../reports/gate/stop-condition.ts";
import { DEFAULT_GATES, gateFileSha256 } from "../../reports/looks/gate-file.ts";
import { williamsRows } from "../../reports/statistics/randomisation/draw-williams.ts";
import { registerExperiment } from "../../runner/experiment/session/register-experiment.ts";
import { runSession, type SessionEnd } from "../../runner/experiment/session/run-session.ts";
import { SessionRecorder } from "../../runner/experiment/session/session-recorder.ts";
import { openJournal } from "../../runner/experiment/spending/journal.ts";
import type {
  AttemptOrder,
  AttemptResult,
  NoticedAnomaly,
  WindowWorker,
} from "../../runner/experiment/windows/window-worker.ts";
import type { MatchedSet, Plan, PlannedWindow } from "../../runner/plan/assignment/plan.ts";
import { createSessionRules } from "../../runner/plan/looks/session-rules.ts";
import { systemClock } from "../../runner/platform/environment/environment.ts";
import type { ExperimentWorld } from "./world.ts";

const EXPERIMENT = "0123456789ab";
const BASELINE = "base";
const REQUESTS_A_WINDOW = 3;
const LATENCY_MS = 500;

/** How the candidates of a scripted session do. */
export interface ScriptedSession {
  readonly pairs: number;
  /** Tokens of the baseline over the candidate's, by candidate. */
  readonly ratios: Readonly<Record<string, number>>;
  /** Fails one request in three, by provider. */
  readonly errsOften?: readonly string[];
  /** Has a meter that goes backwards in every window, by provider. */
  readonly negativeDeltas?: readonly string[];
  /** Is stopped by its own budget in its first window, by provider. */
  readonly capped?: string;
  /** Sends no request to a model where it comes first, by provider: windows that count as missing. */
  readonly idleWhenFirst?: readonly string[];
  /** Tokens of each window's sub-agent, by provider: they alone are compared. */
  readonly subagents?: Readonly<Record<string, number>>;
  /** Has its sub-agents' requests routed elsewhere, by provider. */
  readonly routesSubagents?: string;
  /** Calls no sub-agent in its first window, by provider. */
  readonly aloneAtFirst?: string;
  /** Every window of a provider spends the same, as if the first had been replayed. */
  readonly isReplayed?: boolean;
  readonly stopWhen?: readonly string[];
  /** Every so manieth window of the first candidate spends much and is then missing. */
  readonly missingEvery?: number;
  /** Needs a second attempt at every window; the first one spends as much again, by provider. */
  readonly retried?: string;
  /** Ran without a sandbox, by provider. */
  readonly unconfined?: string;
  /** The load of the machine during every window, by provider. */
  readonly loads?: Readonly<Record<string, number>>;
  /** The tasks belong to so many families. */
  readonly families?: number;
  /** The tasks come from so many repositories. */
  readonly repositories?: number;
  /** Each repository has a cost ratio of its own. */
  readonly repositoriesDiffer?: boolean;
  /** What no window of a task may spend. */
  readonly tokensMax?: number;
}

/**
 * Runs a session through the real recorder, rules and ledger, with a worker that hands back made-up
 * results at once: dozens of windows in a second.
 */
export async function workScripted(
  world: Pick<ExperimentWorld, "file">,
  session: ScriptedSession,
): Promise<SessionEnd> {
  const store = await openJsonlStore({
    folder: path.join(world.file(".experiment"), "ledger"),
    clock: systemClock,
    agentId: "spec",
    toolVersion: "0.0.0",
    validate: validateRow,
  });
  try {
    const view = openExperimentView(store, EXPERIMENT);
    const journal = openJournal(store, (row) => view.fold(row));
    const plan = makePlan(session);
    await registerExperiment(plan, { view, journal });
    const observer = SILENT;
    const rules = createSessionRules({
      view,
      store,
      journal,
      observer,
      gates: DEFAULT_GATES,
      conditions: (session.stopWhen ?? []).flatMap((text) => parseStopCondition(text) ?? []),
    });
    await rules.afterWindow();
    return await runSession(
      {
        plan,
        observer,
        rules,
        recorder: new SessionRecorder({
          experimentId: EXPERIMENT,
          sessionId: "spec",
          journal,
          view,
          clock: systemClock,
          basis: "uncached",
          randomId: () => crypto.randomUUID(),
        }),
        worker: makeWorker(session, async (order, latencies) => {
          await journal.write("proxy_telemetry", requestRows(session, order, latencies));
        }),
        budgets: { check: () => ({ mayStart: true }) as const, giveUp: () => undefined },
        wait: async () => {},
        concurrency: 1,
        washoutMs: 0,
        retryDelayMs: 0,
      },
      new AbortController().signal,
    );
  } finally {
    await store.close();
  }
}

function makePlan(session: ScriptedSession): Plan {
  const { pairs, ratios, subagents, routesSubagents } = session;
  const providers = [BASELINE, ...Object.keys(ratios)];
  const sets = Array.from({ length: pairs }, (_, index) => setAt(index, providers));
  const registration = {
    name: "scripted",
    seed: "7",
    baseline: BASELINE,
    scripted: true,
    providers: providers.map((id) => ({
      id,
      ...(id === routesSubagents ? { routes: [{ when: { subagent: true } }] } : {}),
    })),
    analysis: {
      cost: "tokens",
      basis: "uncached",
      comparable: true,
      ...(subagents === undefined ? {} : { cost_scope: "subagents" }),
    },
    ...describeTasks(session, sets),
    gates: { sha256: gateFileSha256(DEFAULT_GATES), ...DEFAULT_GATES },
    assignments: sets.map((set) => ({
      feature_id: set.featureId,
      replicate: 1,
      providers: set.windows.map(({ provider }) => provider),
      windows: set.windows.map(({ window }) => window),
    })),
  };
  return { experimentId: EXPERIMENT, registration, sha256: "0".repeat(64), sets };
}

function describeTasks(
  { families, repositories, tokensMax }: ScriptedSession,
  sets: readonly MatchedSet[],
) {
  if (families === undefined && repositories === undefined && tokensMax === undefined) return {};
  const tasks = sets.map(({ featureId }, index) => ({
    id: featureId,
    ...(families === undefined ? {} : { family: `family-${String(index % families)}` }),
    ...(repositories === undefined
      ? {}
      : { repository: `repository-${String(placeOf(index, sets.length, repositories))}` }),
    ...(tokensMax === undefined ? {} : { tokens_max: tokensMax }),
  }));
  return { tasks };
}

/** Which of so many repositories a task comes from: those of one repository follow each other. */
function placeOf(index: number, tasks: number, repositories: number): number {
  return Math.floor((index * repositories) / tasks);
}

function setAt(index: number, providers: readonly string[]): MatchedSet {
  const featureId = `feature-${String(index + 1).padStart(2, "0")}`;
  const rows = williamsRows(providers.length);
  const order = (rows[index % rows.length] ?? []).flatMap((place) => providers[place] ?? []);
  const windows = order.map((provider, place): PlannedWindow => ({
    window: `W0-${String(index * providers.length + place + 1).padStart(2, "0")}`,
    provider,
    featureId,
    replicate: 1,
    period: place + 1,
    command: `/implement ${featureId}`,
  }));
  const letters = order.map((provider) => "ABCDEF"[providers.indexOf(provider)]);
  const sequence = letters.join("");
  return { featureId, replicate: 1, stratum: "all", block: index + 1, sequence, windows };
}

type KeepRequests = (order: AttemptOrder, latencies: readonly number[]) => Promise<void>;

function makeWorker(session: ScriptedSession, keepRequests: KeepRequests): WindowWorker {
  return {
    methodology: "scripted",
    workspaceRoot: null,
    work: async (order) => {
      const jitter = jitterOf(order);
      await keepRequests(
        order,
        Array.from({ length: REQUESTS_A_WINDOW }, (_, nth) => LATENCY_MS + 20 * nth + 100 * jitter),
      );
      return resultOf(order, session, session.isReplayed === true ? 0 : jitter);
    },
  };
}

/** Between 0 and 1, the same on every machine. */
function jitterOf({ planned }: AttemptOrder): number {
  const number = Number(planned.window.slice("W0-".length));
  return (number * 0.618_033_988_75) % 1;
}

const ANOMALY: NoticedAnomaly = {
  kind: "negative-delta",
  observed: { delta: -1 },
  action: "The delta is not counted.",
};

/** How often the window's pair comes in the schedule, from 1. */
function pairNumber({ planned }: AttemptOrder): number {
  return Number(planned.featureId.slice("feature-".length));
}

function outcomeOf(order: AttemptOrder, session: ScriptedSession): AttemptResult["outcome"] {
  const { planned, attempt } = order;
  const { provider, window } = planned;
  const { capped, idleWhenFirst = [], missingEvery = Infinity, retried } = session;
  if (idleWhenFirst.includes(provider) && planned.period === 1) return "no_spend";
  if (provider === capped && Number(window.slice("W0-".length)) <= 2) return "capped";
  if (provider === retried && attempt === 1) return "infrastructure";
  return provider !== BASELINE && pairNumber(order) % missingEvery === 0 ? "no_spend" : "pass";
}

function repositoryScale(order: AttemptOrder, session: ScriptedSession): number {
  const { pairs, repositories = 1, repositoriesDiffer = false } = session;
  if (order.planned.provider === BASELINE || !repositoriesDiffer) return 1;
  return 1 + placeOf(pairNumber(order) - 1, pairs, repositories) / 4;
}

function resultOf(order: AttemptOrder, session: ScriptedSession, jitter: number): AttemptResult {
  const { provider } = order.planned;
  const { ratios, errsOften = [], negativeDeltas = [] } = session;
  const scale = (ratios[provider] ?? 1) * repositoryScale(order, session);
  const tokens = Math.round((12_000 * (0.95 + 0.1 * jitter)) / scale);
  return {
    outcome: outcomeOf(order, session),
    reason: null,
    usage: { input_uncached: tokens, requests: REQUESTS_A_WINDOW },
    requests: {
      total: REQUESTS_A_WINDOW,
      errors: errsOften.includes(provider) ? 1 : 0,
      refused: 0,
    },
    commitStart: "0".repeat(40),
    commitEnd: "1".repeat(40),
    churn: null,
    quality: 1,
    scenarios: [{ name: "works", suite: "visible", status: "passed" }],
    isolation: null,
    agentIsolation: provider === session.unconfined ? "none" : null,
    ...resourcesOf(session.loads?.[provider]),
    timings: null,
    exitCode: 0,
    reportedUsage: null,
    anomalies: negativeDeltas.includes(provider) ? [ANOMALY] : [],
    versions: {},
  };
}

function resourcesOf(load: number | undefined): Pick<AttemptResult, "resources"> {
  if (load === undefined) return {};
  const state = { cpus: 2, load_1m: load, free_memory_bytes: 8 * 1024 ** 3, cpu_pressure: 0 };
  return { resources: { limits: [], start: state, end: state } };
}

function requestRows(
  session: ScriptedSession,
  order: AttemptOrder,
  latencies: readonly number[],
): readonly NewRow[] {
  return latencies.map((latencyMs, nth) => ({
    ...requestRow(order, latencyMs, nth === 0 && isFaulty(session, order)),
    ...(nth === latencies.length - 1 ? subagentFields(session, order) : {}),
  }));
}

/** What the last request says where a sub-agent sent it. */
function subagentFields({ subagents, aloneAtFirst }: ScriptedSession, order: AttemptOrder) {
  const { provider, window } = order.planned;
  const tokens = subagents?.[provider];
  const isAlone = provider === aloneAtFirst && Number(window.slice("W0-".length)) <= 2;
  if (tokens === undefined || isAlone) return {};
  const spent = tokens + Math.round(100 * jitterOf(order));
  return { subagent_id: "sub-1", usage: { input_uncached: spent, requests: 1 } };
}

function isFaulty({ errsOften = [] }: ScriptedSession, { planned }: AttemptOrder): boolean {
  return errsOften.includes(planned.provider);
}

function requestRow(order: AttemptOrder, latencyMs: number, fails: boolean) {
  const { planned, attempt, experimentId } = order;
  return {
    ...proxiedRequest({
      window: planned.window,
      attempt,
      provider: planned.provider,
      experiment_id: experimentId,
      usage: null,
      latency_ms: latencyMs,
      status: fails ? 500 : 200,
    }),
    feature_id: planned.featureId,
    replicate: planned.replicate,
    period: planned.period,
  };
}

const pass = (): void => undefined;

const SILENT = {
  windowStarted: pass,
  phaseBegan: pass,
  settled: pass,
  windowEnded: pass,
  noted: pass,
};

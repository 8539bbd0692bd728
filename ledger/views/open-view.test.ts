import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, it, vi } from "vitest";

import type { StoreLimits } from "../store/ledger-context.ts";
import { openJsonlStore } from "../store/open-jsonl-store.ts";
import type { LedgerStore } from "../store/store.ts";
import { manualClock } from "../store/test-support/manual-clock.ts";
import { emptyExperimentView, ExperimentFold } from "./experiment-view.ts";
import { openExperimentView } from "./open-view.ts";
import { attemptsOf, tokensSpent } from "./progress.ts";
import { appendAll } from "./test-support/sample-ledger.ts";
import {
  type Cell,
  debited,
  EXPERIMENT,
  finalized,
  requested,
  reserved,
  undone,
} from "./test-support/sample-rows.ts";

const CELL: Cell = { window: "W0-01", provider: "base", feature_id: "cache", period: 1 };

let folder = "";
let store: LedgerStore;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "view-"));
  store = await openStore({ segmentBytesMax: 3_000 });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await store.close();
  rmSync(folder, { recursive: true });
});

function openStore(limits: Partial<StoreLimits>): Promise<LedgerStore> {
  return openJsonlStore({
    folder,
    clock: manualClock(),
    agentId: "agent",
    toolVersion: "0.1.0",
    limits,
  });
}

it("a view of files, read by their lines, holds what a view of their parsed rows holds", async () => {
  const rows = await appendAll(store, [
    ["proxy_telemetry", requested(CELL)],
    ["proxy_telemetry", requested(CELL, { latency_ms: 36.5, model: "modèle", cost_usd: 0.0125 })],
    ["proxy_telemetry", requested(CELL, { usage: null, status: 0, error: "ECONNRESET" })],
    ["proxy_telemetry", requested(CELL, { status: 402, refused_by: "overall", usage: null })],
    ["proxy_telemetry", requested({ ...CELL, attempt: 2 }, { backend_provider: "glm" })],
    ["budgets", reserved(CELL, "r1", 80)],
    ["budgets", debited(CELL, "r1", 95)],
    ["budgets", reserved(CELL, "r2", 50)],
    ["windows", finalized(CELL, 100)],
  ]);
  const parsed = emptyExperimentView(EXPERIMENT);
  for (const row of rows) parsed.fold(row);
  const view = openExperimentView(store, EXPERIMENT);
  expect(figuresOf(view)).toStrictEqual(figuresOf(parsed));
  expect(view.unsettledTokens).toBe(50);
  expect(figuresOf(view).requests.map(({ latency_ms }) => latency_ms)).toContain(36.5);
});

it("a view that another thread has read ahead for holds the same, and finds the same twin", async () => {
  await store.close();
  store = await openStore({});
  const [first] = await appendAll(store, [["proxy_telemetry", requested(CELL)]]);
  const numbers = Array.from({ length: 3_000 }, (_, n) => n);
  const cellOf = (n: number): Cell => ({ ...CELL, attempt: 1 + Math.floor(n / 100) });
  await store.append(
    "proxy_telemetry",
    numbers.map((n) => requested(cellOf(n), { latency_ms: n + 0.5 })),
  );
  await store.append(
    "budgets",
    numbers.flatMap((n) => [
      reserved(cellOf(n), `r${String(n)}`, 80),
      debited(cellOf(n), `r${String(n)}`, n),
    ]),
  );
  await appendAll(store, [["budgets", { ...debited(CELL, "twin", 7), id: first?.id ?? "" }]]);
  const alone = openExperimentView(store, EXPERIMENT);
  await store.close();
  store = await openStore({ readAheadBytesMin: 1 });
  const takenIn = vi.spyOn(ExperimentFold.prototype, "foldTraffic");
  const shown = vi.spyOn(ExperimentFold.prototype, "foldLine");
  const ahead = openExperimentView(store, EXPERIMENT);
  expect(takenIn.mock.calls.length).toBeGreaterThan(shown.mock.calls.length);
  expect(figuresOf(ahead)).toStrictEqual(figuresOf(alone));
  expect([...ahead.duplicates]).toStrictEqual([["budget_debited", 1]]);
  expect(ahead.unsettledTokens).toBe(alone.unsettledTokens);
});

it("a request is undone by a tombstone in a file that is read before its own, and comes back", async () => {
  const [request] = await appendAll(store, [["proxy_telemetry", requested(CELL)]]);
  const tokens = () => tokensSpent(openExperimentView(store, EXPERIMENT), "uncached");
  expect(tokens()).toBe(110);
  const [tombstone] = await appendAll(store, [["windows", undone(request?.id ?? "")]]);
  expect(tokens()).toBe(0);
  expect(openExperimentView(store, EXPERIMENT).isAlive(request?.id ?? "")).toBe(false);
  await appendAll(store, [["budgets", undone(tombstone?.id ?? "")]]);
  expect(tokens()).toBe(110);
});

it("a row that says another provider than its window's keeps its word", async () => {
  await appendAll(store, [
    ["proxy_telemetry", requested(CELL)],
    ["proxy_telemetry", requested({ ...CELL, provider: "cand" })],
  ]);
  const { requests } = figuresOf(openExperimentView(store, EXPERIMENT));
  expect(requests.map(({ provider }) => provider).toSorted()).toStrictEqual(["base", "cand"]);
});

it("a row with the id of another one is an anomaly of both rows' windows, and adds nothing", async () => {
  const [request] = await appendAll(store, [["proxy_telemetry", requested(CELL)]]);
  const id = request?.id ?? "";
  const twin = { ...debited({ ...CELL, window: "W0-02", provider: "cand" }, "r1", 95), id };
  await appendAll(store, [["budgets", twin]]);
  const view = openExperimentView(store, EXPERIMENT);
  expect([...view.duplicates]).toStrictEqual([["budget_debited", 1]]);
  const [anomaly] = view.anomalies.values();
  expect(anomaly).toMatchObject({ name: "duplicate-id", touches: [id, "W0-01", "W0-02"] });
  expect(tokensSpent(view, "uncached")).toBe(110);
});

/** All that the views' readers are told of requests and debits. */
function figuresOf(view: ReturnType<typeof openExperimentView>) {
  const attempts = [...view.windows.values()].flatMap(attemptsOf);
  const requests = attempts.flatMap((attempt) => attempt.requests);
  const debits = attempts.flatMap((attempt) => attempt.debits);
  return {
    spent: [...view.spent],
    requests: requests.map(plainRequest).toSorted((one, other) => (one.id < other.id ? -1 : 1)),
    debits: debits.map(plainDebit),
  };
}

type Attempt = ReturnType<typeof attemptsOf>[number];

function plainDebit(fact: Attempt["debits"][number]) {
  const { id, window, attempt, provider, basis, command, delta, overshoot } = fact;
  return [id, window, attempt, provider, basis, command, delta, overshoot];
}

function plainRequest(fact: Attempt["requests"][number]) {
  const { id, window, attempt, provider, fate, is_model, backend, latency_ms, usage } = fact;
  const { model, status, cost_usd, is_subagent } = fact;
  const key = { id, window, attempt, provider, fate };
  const ending = { is_model, is_subagent, backend, latency_ms, usage };
  return Object.assign(key, ending, { model, status, cost_usd });
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, it } from "vitest";

import type { StoreLimits } from "../store/ledger-context.ts";
import { openJsonlStore } from "../store/open-jsonl-store.ts";
import type { LedgerStore } from "../store/store.ts";
import { manualClock } from "../store/test-support/manual-clock.ts";
import { ExperimentFold } from "./experiment-fold.ts";
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

it("a view of files holds the same as a view of the rows as they were written", async () => {
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
  const parsed = new ExperimentFold(EXPERIMENT);
  for (const row of rows) parsed.fold(row);
  const view = openExperimentView(store, EXPERIMENT);
  expect(figuresOf(view)).toStrictEqual(figuresOf(parsed));
  expect(view.unsettledTokens).toBe(50);
  expect(figuresOf(view).requests.map(({ latency_ms }) => latency_ms)).toContain(36.5);
});

it("a tombstone in a file that is read earlier undoes a request, and undoing the tombstone restores it", async () => {
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

/** Everything that the views say about requests and debits. */
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
  const { is_unmetered } = fact;
  const { cost_usd, is_subagent } = fact;
  const key = { id, window, attempt, provider, fate };
  const ending = { is_model, is_unmetered, is_subagent, backend, latency_ms, usage };
  return Object.assign(key, ending, { cost_usd });
}

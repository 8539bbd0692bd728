import type { RoleWorked, TeamReviewed } from "../../domain/role-worked.ts";
import type { NewRow } from "../../domain/row.ts";
import { proxiedRequest } from "../../domain/test-support/proxied-request.ts";
import { roleWorked, teamReviewed } from "../../domain/test-support/role-worked.ts";

/** Rows as the runner writes them. A test changes the values that matter to it. */
export const EXPERIMENT = "0123456789ab";

export interface Cell {
  readonly window: string;
  readonly provider: string;
  readonly feature_id: string;
  readonly period: number;
  readonly replicate?: number;
  readonly attempt?: number;
}

type Fields = Readonly<Record<string, unknown>>;

function keyOf({ window, provider, feature_id, period, replicate = 1, attempt = 1 }: Cell) {
  return {
    experiment_id: EXPERIMENT,
    window,
    attempt,
    provider,
    feature_id,
    replicate,
    period,
  };
}

export function registered(changes: Fields = {}): NewRow {
  return {
    record: "experiment_registered",
    experiment_id: EXPERIMENT,
    name: "sample",
    seed: "42",
    baseline: "base",
    scripted: false,
    sha256: "f".repeat(64),
    registration: registration(),
    ...changes,
  };
}

export function registration(changes: Fields = {}): Fields {
  return {
    providers: ["base", "cand"].map((id) => ({
      id,
      driver: "builtin-agent",
      vendor: "scripted",
      model: `model-of-${id}`,
      upstream: "scripted",
    })),
    tasks: [],
    assignments: [],
    analysis: { cost: "tokens", basis: "uncached", comparable: true },
    ...changes,
  };
}

export function sessionOpened(changes: Fields = {}): NewRow {
  return {
    record: "session_opened",
    experiment_id: EXPERIMENT,
    session_id: "session-1",
    resumed: false,
    settings: {},
    versions: { counterbalance: "0.1.0", node: "24.0.0" },
    ...changes,
  };
}

export function sessionClosed(changes: Fields = {}): NewRow {
  return {
    record: "session_closed",
    experiment_id: EXPERIMENT,
    session_id: "session-1",
    reason: "complete",
    ...changes,
  };
}

export function assigned(
  feature_id: string,
  providers: readonly string[],
  changes: Fields = {},
): NewRow {
  return {
    record: "feature_assigned",
    experiment_id: EXPERIMENT,
    feature_id,
    replicate: 1,
    stratum: "small",
    block: 1,
    sequence: providers[0] === "base" ? "AB" : "BA",
    providers,
    ...changes,
  };
}

export function opened(cell: Cell, changes: Fields = {}): NewRow {
  return {
    record: "window_opened",
    ...keyOf(cell),
    session_id: "session-1",
    executed_order: 1,
    marker: `marker-${cell.window}-${cell.attempt ?? 1}`,
    workspace: null,
    ...changes,
  };
}

export function interrupted(cell: Cell, tokens: number, changes: Fields = {}): NewRow {
  return {
    record: "window_interrupted",
    ...keyOf(cell),
    outcome: "infrastructure",
    reason: "The upstream was gone.",
    usage: { input_uncached: tokens, requests: 1 },
    cost: { measure: "tokens", amount: tokens, is_lower_bound: false },
    ...changes,
  };
}

/** A window that passed with `tokens` of uncached input. */
export function finalized(cell: Cell, tokens: number, changes: Fields = {}): NewRow {
  return {
    record: "window_finalized",
    ...keyOf(cell),
    executed_order: 1,
    outcome: "pass",
    reason: null,
    methodology: "solo",
    commit_start: "a",
    commit_end: "b",
    opened_at: "2026-01-01T00:00:00.000Z",
    ended_at: "2026-01-01T00:01:00.000Z",
    duration_ms: 60_000,
    quality: 1,
    scenarios: [{ name: "one", suite: "visible", status: "passed" }],
    usage: { input_uncached: tokens, requests: 1 },
    cost: { measure: "tokens", amount: tokens, is_lower_bound: false },
    earlier_attempts: { attempts: 0, usage: { requests: 0 } },
    meters: { before: [], after: [] },
    capacity: [{ name: "proxy", unit: "tokens", delta: tokens }],
    churn: { files_changed: 1, insertions: 10, deletions: 2 },
    requests: { total: 1, errors: 0, refused: 0 },
    anomalies: [],
    isolation: "permissions",
    exit_code: 0,
    reported_usage: null,
    versions: { agent: "1.0.0" },
    ...changes,
  };
}

export function requested(cell: Cell, changes: Fields = {}): NewRow {
  const { experiment_id, window, attempt, provider } = keyOf(cell);
  return { ...proxiedRequest({ experiment_id, window, attempt, provider }), ...changes };
}

export function reserved(cell: Cell, reservation: string, tokens: number): NewRow {
  return { record: "budget_reserved", ...keyOf(cell), basis: "uncached", reservation, tokens };
}

export function debited(cell: Cell, reservation: string, delta: number): NewRow {
  return {
    record: "budget_debited",
    ...keyOf(cell),
    basis: "uncached",
    reservation,
    command: "/implement",
    delta,
    total: delta,
    overshoot: 0,
    is_final: true,
  };
}

export function budgetRefused(cell: Cell, changes: Fields = {}): NewRow {
  return {
    record: "budget_refused",
    ...keyOf(cell),
    basis: "uncached",
    budget: "/implement",
    scope: "command",
    used: 39_000,
    reserved: 0,
    requested: 2000,
    limit: 40_000,
    ...changes,
  };
}

export function turned(cell: Cell, changes: Partial<RoleWorked> = {}): NewRow {
  return roleWorked({ ...keyOf(cell), ...changes });
}

export function reviewed(cell: Cell, changes: Partial<TeamReviewed> = {}): NewRow {
  return teamReviewed({ ...keyOf(cell), ...changes });
}

export function anomaly(touches: readonly string[], changes: Fields = {}): NewRow {
  return {
    record: "anomaly_recorded",
    experiment_id: EXPERIMENT,
    kind: "late-after",
    touches,
    observed: {},
    action: "Recorded.",
    ...changes,
  };
}

export function undone(id: string): NewRow {
  return { record: "row_undone", undoes: id };
}

import { z } from "zod";

import { AnomalyRecorded, readDivergence } from "../domain/anomaly.ts";
import {
  BudgetBreached,
  BudgetDebited,
  BudgetRefused,
  type BudgetReserved,
  BudgetWarned,
} from "../domain/budget-event.ts";
import { ArmHalted, ArmReleased, DecisionMade } from "../domain/decision.ts";
import { isManual } from "../domain/design.ts";
import { LookTaken } from "../domain/look.ts";
import { ProxiedRequest } from "../domain/proxied-request.ts";
import { requestFate } from "../domain/request-fate.ts";
import type { Row } from "../domain/row.ts";
import { SnapshotTaken } from "../domain/snapshot.ts";
import { epochMsOf } from "../domain/timestamp.ts";
import { RECORD_SCHEMAS } from "../domain/validate-row.ts";
import { WindowFinalized } from "../domain/window.ts";
import { missingFields } from "../invariants/completeness.ts";
import {
  type AttemptKey,
  type BudgetFact,
  type DebitFact,
  type ExperimentFact,
  type FinalizedFact,
  KEPT,
  type OtherFact,
  type RequestFact,
  type SnapshotFact,
  type Stamp,
} from "./experiment-fact.ts";
import type { ReservationStep } from "./open-reservations.ts";

const SUPPORTED_MAJOR = "1";

type Attempt = "record" | keyof AttemptKey;
export type KeptReservation = Pick<BudgetReserved, "record" | "reservation" | "tokens">;
export type KeptDebit = Pick<
  BudgetDebited,
  Attempt | "basis" | "command" | "reservation" | "delta" | "overshoot" | "is_final"
>;
export type KeptRequest = Parameters<typeof requestFate>[0] &
  Pick<
    ProxiedRequest,
    | Attempt
    | ("kind" | "subagent_id" | "backend_provider")
    | ("timestamp" | "latency_ms" | "usage" | "cost_usd" | "request_count")
  >;

/** A row cut down, and the id of the row that it supersedes or undoes. */
export interface ReadFact {
  readonly fact: ExperimentFact;
  readonly target: string | undefined;
  readonly settlement?: ReservationStep;
}

/**
 * Cuts a row down to its fact. Returns undefined for a row that breaks its schema or has another
 * major version. The view counts and shows such rows.
 */
export function readFact(row: Row): ReadFact | undefined {
  if (!isSupported(row)) return undefined;
  const stamp = { id: row.id, seq: row.seq, recorded_at: row.recorded_at };
  try {
    if (row.record === "budget_debited") return readDebit(row);
    // A record that this version does not know has no schema to break.
    RECORD_SCHEMAS.get(row.record)?.parse(row);
    const fact = READERS[row.record]?.(row, stamp) ?? otherFact(row);
    const target = row.record === "row_undone" ? textOf(row["undoes"]) : row.supersedes;
    return { fact, target };
  } catch (error) {
    if (error instanceof z.ZodError) return undefined;
    throw error;
  }
}

/** How a row is called that could not be read. */
export function nameUnreadable(row: Row): string {
  return isSupported(row) ? row.record : `${row.record} of schema ${row.schema_version}`;
}

/** A row that another tool wrote may lack its version, or have one that is not text. */
export function isSupported(row: { readonly schema_version?: unknown }): boolean {
  const version = row.schema_version;
  return typeof version === "string" && version.split(".", 1)[0] === SUPPORTED_MAJOR;
}

type Reader = (row: Row, stamp: Stamp) => ExperimentFact;

const READERS: Readonly<Record<string, Reader | undefined>> = {
  experiment_registered: kept("registered", KEPT.registered),
  experiment_amended: kept("amended", KEPT.amended),
  session_opened: kept("session_opened", KEPT.session_opened),
  session_closed: kept("session_closed", KEPT.session_closed),
  feature_assigned: kept("assigned", KEPT.assigned),
  window_opened: kept("opened", KEPT.opened),
  window_interrupted: kept("interrupted", KEPT.interrupted),
  window_finalized: readFinalized,
  blocked_connection: kept("blocked", KEPT.blocked),
  tunnelled_connection: kept("tunnelled", KEPT.tunnelled),
  window_regraded: kept("regraded", KEPT.regraded),
  role_worked: kept("turn", KEPT.turn),
  team_reviewed: kept("retrospective", KEPT.retrospective),
  request_proxied: (row) => requestFact(row.id, ProxiedRequest.parse(row)),
  budget_refused: (row, stamp) => {
    const refused = BudgetRefused.parse(row);
    const { scope, requested, unit = "tokens", unpriced_model } = refused;
    const fact = budgetFact("refused", refused, stamp);
    return unpriced_model === undefined
      ? { ...fact, refusal: { scope, requested, unit } }
      : { ...fact, unpriced_model };
  },
  budget_warned: (row, stamp) => budgetFact("warned", BudgetWarned.parse(row), stamp),
  budget_breached: (row, stamp) => budgetFact("breached", BudgetBreached.parse(row), stamp),
  anomaly_recorded(row, stamp) {
    const anomaly = AnomalyRecorded.parse(row);
    const { kind: name, touches, action, window, provider, window_agent } = anomaly;
    const divergence = readDivergence(anomaly);
    const place = { window, provider, window_agent };
    return { ...stamp, kind: "anomaly", name, touches, action, ...place, divergence };
  },
  look_taken: (row, stamp) => ({ ...stamp, kind: "look", look: LookTaken.parse(row) }),
  decision_made(row, stamp) {
    return { ...stamp, kind: "decision", decision: DecisionMade.parse(row) };
  },
  arm_halted(row, stamp) {
    const { provider, rule, reason, release } = ArmHalted.parse(row);
    return { ...stamp, kind: "halt", provider, rule, halted: { reason, release } };
  },
  arm_released(row, stamp) {
    const { provider, rule } = ArmReleased.parse(row);
    return { ...stamp, kind: "halt", provider, rule, halted: null };
  },
  // The view keeps every reading of a manual window. A session's readings are in its final rows.
  snapshot_taken: (row, stamp) => (isManual(row) ? readSnapshot(row, stamp) : otherFact(row)),
  churn_measured: (row, stamp) =>
    isManual(row)
      ? { ...stamp, kind: "churn", agent_id: row.agent_id, ...KEPT.churn.parse(row) }
      : otherFact(row),
};

/** A reader of rows whose payload is kept as it is. */
function kept<Kind extends string, Payload extends object>(
  kind: Kind,
  schema: z.ZodType<Payload>,
): (row: Row, stamp: Stamp) => Stamp & { readonly kind: Kind } & Payload {
  return (row, stamp) => ({ ...stamp, kind, ...schema.parse(row) });
}

function readFinalized(row: Row, stamp: Stamp): FinalizedFact {
  const final = WindowFinalized.parse(row);
  const failed = final.scenarios.filter(({ status }) => status.toLowerCase() !== "passed");
  return {
    ...stamp,
    kind: "finalized",
    ...KEPT.finalized.parse(row),
    is_complete: missingFields(final).length === 0,
    source: row.source,
    agent_id: row.agent_id,
    scenarios_passed: final.scenarios.length - failed.length,
    scenarios_total: final.scenarios.length,
    scenarios_failed: failed.map(({ suite, name }) => `${suite}: ${name}`),
  };
}

function readSnapshot(row: Row, stamp: Stamp): SnapshotFact {
  return {
    ...stamp,
    kind: "snapshot",
    ...KEPT.snapshot.parse(row),
    captured_at: SnapshotTaken.parse(row).captured_at ?? row.recorded_at,
    source: row.source,
    agent_id: row.agent_id,
    h: row.h,
    is_correction: row.supersedes !== undefined,
  };
}

function readDebit(row: Row): ReadFact {
  const debit = BudgetDebited.parse(row);
  return { fact: debitFact(row.id, debit), target: row.supersedes, settlement: debit };
}

export function debitFact(id: string, row: KeptDebit): DebitFact {
  const { window, attempt, provider, window_agent, basis, command, delta, overshoot } = row;
  const key = { window, attempt, provider, window_agent };
  return { kind: "debit", id, ...key, basis, command, delta, overshoot };
}

export function requestFact(id: string, row: KeptRequest): RequestFact {
  const { window, attempt, provider, window_agent, latency_ms, usage, cost_usd } = row;
  return {
    kind: "request",
    id,
    window,
    attempt,
    provider,
    window_agent,
    fate: requestFate(row),
    is_model: row.kind === "model",
    is_unmetered: row.kind === "unmetered",
    is_subagent: row.subagent_id !== null,
    backend: row.backend_provider,
    at_ms: epochMsOf(row.timestamp),
    status: row.status,
    latency_ms,
    usage,
    cost_usd,
    count: row.request_count ?? 1,
  };
}

function budgetFact(
  event: BudgetFact["event"],
  row: BudgetRefused | BudgetWarned | BudgetBreached,
  stamp: Stamp,
): BudgetFact {
  const { window, budget, used, limit } = row;
  return { ...stamp, kind: "budget", event, window, budget, used, limit };
}

function otherFact(row: Row): OtherFact {
  return { kind: "other", window: textOf(row["window"]), provider: textOf(row["provider"]) };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

import { z } from "zod";

import { AnomalyRecorded } from "../domain/anomaly.ts";
import {
  BudgetBreached,
  BudgetDebited,
  BudgetRefused,
  BudgetWarned,
} from "../domain/budget-event.ts";
import { ArmHalted, ArmReleased, DecisionMade } from "../domain/decision.ts";
import {
  ExperimentAmended,
  ExperimentRegistered,
  FeatureAssigned,
  SessionClosed,
  SessionOpened,
} from "../domain/experiment.ts";
import { LookTaken } from "../domain/look.ts";
import { ProxiedRequest } from "../domain/proxied-request.ts";
import type { Row } from "../domain/row.ts";
import { RECORD_SCHEMAS } from "../domain/validate-row.ts";
import { WindowFinalized, WindowInterrupted, WindowOpened } from "../domain/window.ts";
import type { BudgetFact, ExperimentFact, OtherFact, Stamp } from "./experiment-fact.ts";
import { churnFact, isByHand, snapshotFact } from "./hand-fact.ts";
import type { Settlement } from "./open-reservations.ts";
import { requestFact } from "./request-fact.ts";
import { finalizedFact, interruptedFact, openedFact } from "./window-fact.ts";

const SUPPORTED_MAJOR = "1";

/** A row cut down, and the id of the row that it supersedes or undoes. */
export interface ReadFact {
  readonly fact: ExperimentFact;
  readonly target: string | undefined;
  readonly settlement?: Settlement;
}

/**
 * Cuts a row down to its fact. `undefined` stands for a row that does not keep its schema, or has
 * one of another major version: it is counted and shown, never dropped in silence.
 */
export function readFact(row: Row): ReadFact | undefined {
  if (!isSupported(row)) return undefined;
  const stamp = { id: row.id, seq: row.seq, recorded_at: row.recorded_at };
  try {
    if (row.record === "budget_debited") return readDebit(row);
    const fact = READERS[row.record]?.(row, stamp) ?? readOther(row);
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

/** A row that another tool wrote may lack its version, or have one that is no text. */
export function isSupported(row: { readonly schema_version?: unknown }): boolean {
  const version = row.schema_version;
  return typeof version === "string" && version.split(".", 1)[0] === SUPPORTED_MAJOR;
}

type Reader = (row: Row, stamp: Stamp) => ExperimentFact;

const READERS: Readonly<Record<string, Reader | undefined>> = {
  experiment_registered(row, stamp) {
    const { name, seed, baseline, scripted, registration, sha256 } =
      ExperimentRegistered.parse(row);
    return { ...stamp, kind: "registered", name, seed, baseline, scripted, registration, sha256 };
  },
  experiment_amended(row, stamp) {
    return { ...stamp, kind: "amended", amended: ExperimentAmended.parse(row).amended };
  },
  session_opened(row, stamp) {
    const { session_id, resumed, settings, versions } = SessionOpened.parse(row);
    return { ...stamp, kind: "session_opened", session_id, resumed, settings, versions };
  },
  session_closed(row, stamp) {
    const { session_id, reason } = SessionClosed.parse(row);
    return { ...stamp, kind: "session_closed", session_id, reason };
  },
  feature_assigned(row, stamp) {
    const { feature_id, replicate, stratum, block, sequence, providers } =
      FeatureAssigned.parse(row);
    const order = { block, sequence, providers };
    return { ...stamp, kind: "assigned", feature_id, replicate, stratum, ...order };
  },
  window_opened: (row, stamp) => openedFact(WindowOpened.parse(row), stamp),
  window_interrupted: (row, stamp) => interruptedFact(WindowInterrupted.parse(row), stamp),
  window_finalized: (row, stamp) =>
    finalizedFact(WindowFinalized.parse(row), { ...stamp, agent_id: row.agent_id }),
  request_proxied: (row, stamp) => requestFact(ProxiedRequest.parse(row), stamp.id),
  budget_refused: (row, stamp) => budgetFact("refused", BudgetRefused.parse(row), stamp),
  budget_warned: (row, stamp) => budgetFact("warned", BudgetWarned.parse(row), stamp),
  budget_breached: (row, stamp) => budgetFact("breached", BudgetBreached.parse(row), stamp),
  anomaly_recorded(row, stamp) {
    const { kind: name, touches, action, window, provider } = AnomalyRecorded.parse(row);
    return { ...stamp, kind: "anomaly", name, touches, action, window, provider };
  },
  look_taken: (row, stamp) => ({ ...stamp, kind: "look", look: LookTaken.parse(row) }),
  decision_made: (row, stamp) => ({
    ...stamp,
    kind: "decision",
    decision: DecisionMade.parse(row),
  }),
  arm_halted(row, stamp) {
    const { provider, rule, reason, release } = ArmHalted.parse(row);
    return { ...stamp, kind: "halt", provider, rule, halted: { reason, release } };
  },
  arm_released(row, stamp) {
    const { provider, rule } = ArmReleased.parse(row);
    return { ...stamp, kind: "halt", provider, rule, halted: null };
  },
  snapshot_taken: (row, stamp) => (isByHand(row) ? snapshotFact(row, stamp) : readOther(row)),
  churn_measured: (row, stamp) => (isByHand(row) ? churnFact(row, stamp) : readOther(row)),
};

function readDebit({ id, supersedes: target, ...row }: Row): ReadFact {
  const debit = BudgetDebited.parse(row);
  const { window, attempt, provider, basis, command, reservation, delta, overshoot } = debit;
  return {
    fact: { kind: "debit", id, window, attempt, provider, basis, command, delta, overshoot },
    target,
    settlement: { reservation, delta, is_final: debit.is_final },
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

/** A record that this version does not know keeps no schema. */
function readOther(row: Row): OtherFact {
  RECORD_SCHEMAS.get(row.record)?.parse(row);
  return { kind: "other", window: textOf(row["window"]), provider: textOf(row["provider"]) };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

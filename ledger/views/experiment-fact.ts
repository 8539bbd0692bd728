import type { z } from "zod";

import type { readDivergence } from "../domain/anomaly.ts";
import type { BudgetRefused, BudgetUnit } from "../domain/budget-event.ts";
import { ChurnMeasured } from "../domain/churn-measured.ts";
import { BlockedConnection, TunnelledConnection } from "../domain/connection.ts";
import type { DecisionMade } from "../domain/decision.ts";
import { MANUAL } from "../domain/design.ts";
import {
  ExperimentAmended,
  ExperimentRegistered,
  FeatureAssigned,
  SessionClosed,
  SessionOpened,
} from "../domain/experiment.ts";
import type { LookTaken } from "../domain/look.ts";
import type { RequestFate } from "../domain/request-fate.ts";
import { KeptHandoff, RoleWorked, TeamReviewed } from "../domain/role-worked.ts";
import type { Row } from "../domain/row.ts";
import { SnapshotTaken } from "../domain/snapshot.ts";
import type { TokenBasis } from "../domain/token-basis.ts";
import type { Usage } from "../domain/usage.ts";
import { WindowRegraded } from "../domain/window-regraded.ts";
import { WindowFinalized, WindowInterrupted, WindowOpened } from "../domain/window.ts";

/** The fields of a row's envelope that a view keeps. */
export interface Stamp {
  readonly id: string;
  /** Place in its file: the later of two rows for one key has the higher number. */
  readonly seq: number;
  readonly recorded_at: string;
}

/** The payloads that a view keeps: without fields of later versions, and without what is large. */
export const KEPT = {
  registered: ExperimentRegistered.strip(),
  amended: ExperimentAmended.strip(),
  session_opened: SessionOpened.strip(),
  session_closed: SessionClosed.strip(),
  assigned: FeatureAssigned.strip(),
  opened: WindowOpened.strip(),
  interrupted: WindowInterrupted.strip(),
  finalized: WindowFinalized.omit({ scenarios: true, meters: true }).strip(),
  snapshot: SnapshotTaken.omit({ raw: true }).strip(),
  churn: ChurnMeasured.strip(),
  blocked: BlockedConnection.strip(),
  tunnelled: TunnelledConnection.strip(),
  regraded: WindowRegraded.omit({ scenarios: true }).strip(),
  // A handoff's content is as long as its author likes.
  turn: RoleWorked.extend({
    handoff: KeptHandoff.unwrap().omit({ content: true }).strip().nullable(),
  }).strip(),
  retrospective: TeamReviewed.strip(),
} as const;

type Kept<Kind extends keyof typeof KEPT> = Stamp & { readonly kind: Kind } & Readonly<
    z.infer<(typeof KEPT)[Kind]>
  >;

export type RegisteredFact = Kept<"registered">;
export type AssignedFact = Kept<"assigned">;
export type OpenedFact = Kept<"opened">;
export type InterruptedFact = Kept<"interrupted">;

/** The measures of a finalized window, with the scenarios and commits that reports need. */
export type FinalizedFact = Kept<"finalized"> & {
  /** Invariant 7: commits and methodology are there. */
  readonly is_complete: boolean;
  readonly source: Row["source"];
  readonly agent_id: string;
  readonly scenarios_passed: number;
  readonly scenarios_total: number;
  /** `<suite>: <name>` of those that did not pass. */
  readonly scenarios_failed: readonly string[];
};

/** The attempt of a provider's window that a row belongs to. */
export interface AttemptKey {
  readonly window: string;
  readonly attempt: number;
  readonly provider: string;
  /** The agent that works a manual window; if absent, `main`. */
  readonly window_agent?: string | undefined;
}

/** Identifies an attempt, also of a manual window. */
export function attemptKey(attempt: AttemptKey): string {
  return JSON.stringify([MANUAL.windowKey(attempt), attempt.attempt]);
}

export interface RequestFact extends AttemptKey {
  readonly kind: "request";
  readonly id: string;
  readonly fate: RequestFate;
  /** Whether a model was asked to work; token counts and model lists are not. */
  readonly is_model: boolean;
  /** Whether a model may have worked for it, and nothing could count that. */
  readonly is_unmetered: boolean;
  /** Whether a sub-agent sent it. */
  readonly is_subagent: boolean;
  /** The upstream that it was sent to; null if it was not sent. */
  readonly backend: string | null;
  /** When its head had arrived, milliseconds since the Unix epoch. */
  readonly at_ms: number;
  /** HTTP status of the answer; 0 for a network error; null without an answer. */
  readonly status: number | null;
  readonly latency_ms: number | null;
  readonly usage: Usage | null;
  readonly cost_usd: number | null;
  /** The requests that its row counts. */
  readonly count: number;
}

export interface DebitFact extends AttemptKey {
  readonly kind: "debit";
  readonly id: string;
  readonly basis: TokenBasis;
  readonly command: string;
  readonly delta: number;
  readonly overshoot: number;
}

/** The mass of a ledger; of these rows neither place nor moment is kept. */
export type TrafficFact = RequestFact | DebitFact;

export interface BudgetFact extends Stamp {
  readonly kind: "budget";
  readonly event: "refused" | "warned" | "breached";
  readonly window: string;
  readonly budget: string;
  readonly used: number;
  readonly limit: number;
  /** What did not fit; absent in other events, and where a model without a price was refused. */
  readonly refusal?: Pick<BudgetRefused, "scope" | "requested"> & { readonly unit: BudgetUnit };
  /** The model without a price that was refused. */
  readonly unpriced_model?: string;
}

/** One turn of a role. */
export type TurnFact = Kept<"turn">;
/** What was sent back in a team's window, why, and what it cost. */
export type RetrospectiveFact = Kept<"retrospective">;

export type AnomalyFact = Stamp & {
  readonly kind: "anomaly";
  readonly name: string;
  readonly touches: readonly string[];
  readonly action: string;
  readonly window: string | undefined;
  /** The provider of the window, because several providers' windows may share an id. */
  readonly provider: string | undefined;
  readonly window_agent?: string | undefined;
  /** Two counts of the same tokens that differ. */
  readonly divergence?: ReturnType<typeof readDivergence>;
};

/** A reading of a manual window. A session's readings are in its final rows. */
export type SnapshotFact = Kept<"snapshot"> & {
  readonly captured_at: string;
  readonly source: Row["source"];
  readonly agent_id: string;
  /** The row's hash, which the window's final row cites. */
  readonly h: string;
  /** It corrects another reading, which counts again when this one is undone. */
  readonly is_correction: boolean;
};

/** The changes of a manual window. */
export type ChurnFact = Kept<"churn"> & { readonly agent_id: string };

export type LookFact = Stamp & { readonly kind: "look"; readonly look: LookTaken };

type DecisionFact = Stamp & { readonly kind: "decision"; readonly decision: DecisionMade };

/** An arm, or without a provider the experiment, was halted by a rule or released from it. */
export interface HaltFact extends Stamp {
  readonly kind: "halt";
  readonly provider: string | null;
  readonly rule: string;
  /** null: released. */
  readonly halted: { readonly reason: string; readonly release: string } | null;
}

/** A row whose existence alone counts: a tombstone, a snapshot, a record of a later version. */
export interface OtherFact {
  readonly kind: "other";
  readonly window: string | undefined;
  readonly provider: string | undefined;
}

export type AttemptFact = OpenedFact | InterruptedFact | FinalizedFact | TrafficFact;

/** One row of an experiment, cut down to what its views need. */
export type ExperimentFact =
  | RegisteredFact
  | Kept<"amended">
  | Kept<"session_opened">
  | Kept<"session_closed">
  | AssignedFact
  | AttemptFact
  | BudgetFact
  | AnomalyFact
  | SnapshotFact
  | ChurnFact
  | Kept<"blocked">
  | Kept<"tunnelled">
  | Kept<"regraded">
  | TurnFact
  | RetrospectiveFact
  | LookFact
  | DecisionFact
  | HaltFact
  | OtherFact;

/** The row that counts if a key has several: the one written last. */
export function latestOf<Fact extends Stamp>(facts: Iterable<Fact>): Fact | undefined {
  let latest: Fact | undefined;
  for (const fact of facts) if (latest === undefined || fact.seq > latest.seq) latest = fact;
  return latest;
}

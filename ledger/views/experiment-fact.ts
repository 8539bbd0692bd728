import type { ChurnMeasured } from "../domain/churn-measured.ts";
import type { DecisionMade } from "../domain/decision.ts";
import type {
  ExperimentAmended,
  ExperimentRegistered,
  FeatureAssigned,
  SessionClosed,
  SessionOpened,
} from "../domain/experiment.ts";
import type { LookTaken } from "../domain/look.ts";
import type { Row } from "../domain/row.ts";
import type { SnapshotTaken } from "../domain/snapshot.ts";
import type { TokenBasis } from "../domain/token-basis.ts";
import type { Usage } from "../domain/usage.ts";
import type { WindowFinalized, WindowInterrupted, WindowOpened } from "../domain/window.ts";

/** What of a row's envelope a view keeps. */
export interface Stamp {
  readonly id: string;
  /** Place in its file: of two rows for one key the one with the higher number is the later. */
  readonly seq: number;
  readonly recorded_at: string;
}

type Kept<Kind extends string, Payload, Field extends keyof Payload> = Stamp & {
  readonly kind: Kind;
} & Readonly<Pick<Payload, Field>>;

export type RegisteredFact = Kept<
  "registered",
  ExperimentRegistered,
  "name" | "seed" | "baseline" | "scripted" | "registration" | "sha256"
>;
export type AmendedFact = Kept<"amended", ExperimentAmended, "amended">;
export type SessionOpenedFact = Kept<
  "session_opened",
  SessionOpened,
  "session_id" | "resumed" | "settings" | "versions"
>;
export type SessionClosedFact = Kept<"session_closed", SessionClosed, "session_id" | "reason">;
export type AssignedFact = Kept<
  "assigned",
  FeatureAssigned,
  "feature_id" | "replicate" | "stratum" | "block" | "sequence" | "providers"
>;

/** Which attempt of which provider's window a row tells of. */
export interface AttemptKey {
  readonly window: string;
  readonly attempt: number;
  readonly provider: string;
}

type Placed = "window" | "attempt" | "provider" | "feature_id" | "replicate" | "period";

export type OpenedFact = Kept<
  "opened",
  WindowOpened,
  Placed | "session_id" | "executed_order" | "marker" | "workspace"
>;
export type InterruptedFact = Kept<
  "interrupted",
  WindowInterrupted,
  Placed | "outcome" | "reason" | "usage" | "cost" | "dollars"
>;

type FinalizedField =
  | Placed
  | "executed_order"
  | "outcome"
  | "reason"
  | "methodology"
  | "commit_start"
  | "commit_end"
  | "duration_ms"
  | "quality"
  | "usage"
  | "cost"
  | "dollars"
  | "churn"
  | "requests"
  | "capacity"
  | "isolation"
  | "agent_isolation"
  | "anomalies"
  | "snapshots"
  | "versions";

/** The measures of a finalized window; of its scenarios, commits and meters what reports need. */
export type FinalizedFact = Kept<"finalized", WindowFinalized, FinalizedField> & {
  /** Invariant 7: commits and methodology are there. */
  readonly is_complete: boolean;
  readonly agent_id: string;
  readonly scenarios_passed: number;
  readonly scenarios_total: number;
  /** `<suite>: <name>` of those that did not pass. */
  readonly scenarios_failed: readonly string[];
};

/** How one request ended, seen from the provider that served it. */
export const REQUEST_FATES = ["answered", "failed", "refused", "abandoned"] as const;
export type RequestFate = (typeof REQUEST_FATES)[number];

export interface RequestFact extends AttemptKey {
  readonly kind: "request";
  readonly id: string;
  readonly fate: RequestFate;
  /** Whether a model was asked to work; token counts and model lists are not. */
  readonly is_model: boolean;
  /** Whether a sub-agent sent it. */
  readonly is_subagent: boolean;
  /** The upstream that it was sent to; null where it was sent nowhere. */
  readonly backend: string | null;
  readonly latency_ms: number | null;
  readonly usage: Usage | null;
  /** The model that answered, or else the one that was asked for. */
  readonly model: string | null;
  readonly status: number | null;
  readonly cost_usd: number | null;
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
}

export type AnomalyFact = Stamp & {
  readonly kind: "anomaly";
  readonly name: string;
  readonly touches: readonly string[];
  readonly action: string;
  readonly window: string | undefined;
  /** Whose window it concerns, where one window id stands for several providers' windows. */
  readonly provider: string | undefined;
};

type HandKey = "window" | "attempt" | "provider" | "feature_id";

/** A reading of a window worked by hand; a session's own readings stand in its final rows. */
export type SnapshotFact = Kept<
  "snapshot",
  SnapshotTaken,
  HandKey | "phase" | "meters" | "parser" | "notes" | "errors" | "raw_sha256" | "time_zone"
> & {
  readonly captured_at: string;
  readonly source: Row["source"];
  readonly agent_id: string;
  /** The row's hash, which the window's final row cites. */
  readonly h: string;
  /** It corrects another reading, which counts again when this one is undone. */
  readonly is_correction: boolean;
};

/** What was changed in a window worked by hand. */
export type ChurnFact = Kept<
  "churn",
  ChurnMeasured,
  HandKey | "commit_start" | "commit_end" | "churn"
> & { readonly agent_id: string };

export type LookFact = Stamp & { readonly kind: "look"; readonly look: LookTaken };

export type DecisionFact = Stamp & { readonly kind: "decision"; readonly decision: DecisionMade };

/** An arm, or without a provider the experiment, was halted by a rule or released from it. */
export interface HaltFact extends Stamp {
  readonly kind: "halt";
  readonly provider: string | null;
  readonly rule: string;
  /** null: released. */
  readonly halted: { readonly reason: string; readonly release: string } | null;
}

/** A row of which only its existence counts: a tombstone, a snapshot, a record of a later version. */
export interface OtherFact {
  readonly kind: "other";
  readonly window: string | undefined;
  readonly provider: string | undefined;
}

export type AttemptFact = OpenedFact | InterruptedFact | FinalizedFact | TrafficFact;

/** One row of an experiment, cut down to what its views need. */
export type ExperimentFact =
  | RegisteredFact
  | AmendedFact
  | SessionOpenedFact
  | SessionClosedFact
  | AssignedFact
  | AttemptFact
  | BudgetFact
  | AnomalyFact
  | SnapshotFact
  | ChurnFact
  | LookFact
  | DecisionFact
  | HaltFact
  | OtherFact;

/** The row that counts where a key has several: the one written last. */
export function latestOf<Fact extends Stamp>(facts: Iterable<Fact>): Fact | undefined {
  let latest: Fact | undefined;
  for (const fact of facts) if (latest === undefined || fact.seq > latest.seq) latest = fact;
  return latest;
}

const ATTEMPT_KINDS: ReadonlySet<string> = new Set<AttemptFact["kind"]>([
  "opened",
  "interrupted",
  "finalized",
  "request",
  "debit",
]);

export function isAttemptFact(fact: ExperimentFact): fact is AttemptFact {
  return ATTEMPT_KINDS.has(fact.kind);
}

import type { TurnEnd } from "../../ledger/domain/role-worked.ts";
import type { Usage } from "../../ledger/domain/usage.ts";
import type { Churn } from "../../ledger/domain/window.ts";
import type { Handoff } from "./handoff-schema.ts";

/** One turn of a role in an attempt, as it was worked. */
export interface Turn {
  /** Place in the attempt, from 1. */
  readonly turn: number;
  readonly role: string;
  readonly command: string;
  readonly round: number;
  /** The provider and the model that worked. */
  readonly workedBy: string;
  readonly model: string;
  /** Epoch milliseconds. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly durationMs: number;
  readonly end: TurnEnd;
  readonly reason: string | null;
  readonly usage: Usage;
  readonly dollars: number | null;
  readonly requests: number;
  readonly limits: Readonly<Record<"tokens" | "usd" | "minutes", number | null>>;
  /** null if the role changed nothing. */
  readonly commit: string | null;
  readonly churn: Churn | null;
  readonly quality: number | null;
  readonly handoff: AcceptedHandoff | null;
  /** Faults by line of each handoff that was sent back. */
  readonly refusedHandoffs: readonly (readonly string[])[];
  readonly breaches: readonly Breach[];
}

export interface AcceptedHandoff {
  readonly content: Handoff;
  /** The whole file. */
  readonly text: string;
  readonly sha256: string;
}

/** A change that the role was not allowed to make, and that was discarded. */
export interface Breach {
  readonly path: string;
  readonly change: "changed" | "removed" | "also changed by the role before";
}

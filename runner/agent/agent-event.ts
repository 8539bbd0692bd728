import type { Usage } from "../../ledger/domain/usage.ts";

/** The agent's output on stdout, one JSON object per line. */
export type AgentEvent =
  | {
      readonly type: "turn";
      readonly turn: number;
      readonly stop_reason: string | null;
      readonly text: string;
      readonly usage: Usage;
    }
  | {
      readonly type: "tool";
      readonly turn: number;
      readonly name: string;
      readonly ok: boolean;
      readonly output_characters: number;
      readonly duration_ms: number;
    }
  | { readonly type: "retry"; readonly reason: string; readonly wait_ms: number }
  | AgentResult;

/** The last event of a run. */
export interface AgentResult {
  readonly type: "result";
  readonly outcome: "done" | "failed" | "turns_used_up" | "interrupted";
  readonly turns: number;
  /** Tokens of all answers that came whole. */
  readonly usage: Usage;
  /** The model's last words, or why the run failed. */
  readonly message: string;
}

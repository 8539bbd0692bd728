import type { Usage } from "../../ledger/domain/usage.ts";
import type { ToolCall } from "./toolbox.ts";

export type AnswerBlock =
  | { readonly type: "thinking"; readonly thinking: string }
  | { readonly type: "text"; readonly text: string }
  | ({ readonly type: "tool_use"; readonly id: string } & ToolCall);

/** A whole answer of the scripted model, before it is written in one piece or as a stream. */
export interface ScriptedAnswer {
  readonly messageId: string;
  readonly model: string;
  readonly blocks: readonly AnswerBlock[];
  readonly stopReason: "end_turn" | "tool_use" | "max_tokens";
  readonly usage: Usage;
}

/** Names no machine and no model: it only has to be carried back unchanged. */
export const THINKING_SIGNATURE = "c2NyaXB0ZWQ=";

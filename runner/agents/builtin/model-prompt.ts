import type { HistoryMessage } from "./read-answer.ts";
import type { ToolDefinition } from "./tools/tool.ts";

/** One request for an answer, in no API's form. */
export interface ModelPrompt {
  readonly model: string;
  readonly maxTokens: number;
  readonly system: string;
  readonly tools: readonly ToolDefinition[];
  readonly messages: readonly HistoryMessage[];
}

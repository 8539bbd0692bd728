import type { Clock } from "../../../ledger/domain/clock.ts";
import { NO_USAGE, type Usage, sumUsage } from "../../../ledger/domain/usage.ts";
import {
  type ModelAnswer,
  type MessageBlock,
  type HistoryMessage,
  ToolUseBlock,
} from "./read-answer.ts";
import { type Endpoint, requestAnswer } from "./request-answer.ts";
import { ApiFailure, retryRequests } from "./retry.ts";
import { TOOLS, runTool } from "./run-tool.ts";
import type { ToolContext } from "./tools/tool.ts";

/** The agent's output on stdout, one JSON object per line. */
type AgentEvent =
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

const SYSTEM_PROMPT = `You are a software engineer. You work alone in a working directory, through the tools you are given; nobody answers questions.
Look at what is there before you change it. Write complete files. Check your work by running it.
When the task is done, say so in one sentence without calling a tool.`;

interface AgentRun {
  readonly endpoint: Endpoint;
  readonly model: string;
  readonly prompt: string;
  readonly turnsMax: number;
  /** Output tokens allowed for one answer. */
  readonly tokensMax: number;
  readonly context: ToolContext;
  readonly clock: Clock;
  readonly tell: (event: AgentEvent) => void;
}

/** Asks the model and runs the tools that it calls, until it calls none. */
export async function runAgent(run: AgentRun): Promise<AgentResult> {
  const progress = new Progress(run.prompt);
  try {
    return await takeTurns(run, progress);
  } catch (error) {
    if (run.context.signal.aborted) return progress.result("interrupted", "Interrupted.");
    if (error instanceof ApiFailure) return progress.result("failed", error.message);
    throw error;
  }
}

async function takeTurns(run: AgentRun, progress: Progress): Promise<AgentResult> {
  while (progress.turns < run.turnsMax) {
    const answer = await askModel(run, progress.messages);
    progress.addAnswer(answer);
    const { stopReason: stop_reason, usage } = answer;
    const text = textOf(answer.content);
    run.tell({ type: "turn", turn: progress.turns, stop_reason, text, usage });
    const calls = answer.content.flatMap((block) => ToolUseBlock.safeParse(block).data ?? []);
    const end = calls.length > 0 ? undefined : endOf(answer);
    if (end !== undefined) return progress.result(end, text);
    progress.addUser(calls.length > 0 ? await runTools(run, progress.turns, calls) : GO_ON);
  }
  return progress.result("turns_used_up", `All ${run.turnsMax} turns are used up.`);
}

/** How an answer without tool calls ends the run; undefined if the model was cut off. */
function endOf({ stopReason }: ModelAnswer): "done" | "failed" | undefined {
  if (stopReason === "max_tokens" || stopReason === "pause_turn") return undefined;
  if (stopReason === "refusal" || stopReason === "model_context_window_exceeded") return "failed";
  return "done";
}

async function askModel(run: AgentRun, messages: readonly HistoryMessage[]): Promise<ModelAnswer> {
  const { endpoint, model, tokensMax: maxTokens, context, tell } = run;
  const { signal } = context;
  const prompt = { model, maxTokens, system: SYSTEM_PROMPT, tools: TOOLS, messages };
  const ask = () => requestAnswer(endpoint, prompt, signal);
  return retryRequests(ask, signal, ({ message: reason }, wait_ms) =>
    tell({ type: "retry", reason, wait_ms }),
  );
}

async function runTools(
  run: AgentRun,
  turn: number,
  calls: readonly ToolUseBlock[],
): Promise<readonly MessageBlock[]> {
  const results: MessageBlock[] = [];
  for (const call of calls) {
    const startedMs = run.clock.monotonicMs();
    const { ok, output } = await runTool(call, run.context);
    run.context.signal.throwIfAborted();
    run.tell({
      type: "tool",
      turn,
      name: call.name,
      ok,
      output_characters: output.length,
      duration_ms: Math.round(run.clock.monotonicMs() - startedMs),
    });
    results.push({ type: "tool_result", tool_use_id: call.id, content: output, is_error: !ok });
  }
  return results;
}

/** The conversation so far, and its usage. */
class Progress {
  messages: readonly HistoryMessage[];
  turns = 0;
  #usage: Usage = NO_USAGE;

  constructor(prompt: string) {
    this.messages = [{ role: "user", content: [{ type: "text", text: prompt }] }];
  }

  addAnswer({ content, usage }: ModelAnswer): void {
    this.turns += 1;
    this.#usage = sumUsage([this.#usage, usage]);
    // The API refuses an empty message in a history.
    if (content.length > 0) this.messages = [...this.messages, { role: "assistant", content }];
  }

  addUser(content: readonly MessageBlock[]): void {
    this.messages = [...this.messages, { role: "user", content }];
  }

  result(outcome: AgentResult["outcome"], message: string): AgentResult {
    return { type: "result", outcome, turns: this.turns, usage: this.#usage, message };
  }
}

const GO_ON: readonly MessageBlock[] = [{ type: "text", text: "Go on." }];

function textOf(content: readonly MessageBlock[]): string {
  return content
    .flatMap((block) => (typeof block["text"] === "string" ? [block["text"]] : []))
    .join("\n");
}

import type { Usage } from "../../ledger/domain/usage.ts";
import type { ScriptedBlock, ScriptedAnswer } from "./play-answer.ts";
import {
  type AnswerForm,
  encodeNamed,
  frame,
  pieces,
  type ScriptedEvent,
} from "./stream-events.ts";

type Item = Readonly<Record<string, unknown>> & { readonly id: string };

/** OpenAI's Responses API. */
export const RESPONSES_FORM: AnswerForm = {
  stream: responsesEvents,
  whole: wholeResponse,
  tellable: withoutLifetimes,
  encode: encodeNamed,
};

/** The answer as the Responses API streams it. Its usage comes once, in the last event. */
function responsesEvents(answer: ScriptedAnswer): readonly ScriptedEvent[] {
  return [
    frame({ type: "response.created", response: head(answer, "in_progress") }),
    ...answer.blocks.flatMap((block, index) => itemEvents(itemOf(answer, block, index), index)),
    frame({ type: `response.${finalStatus(answer)}`, response: wholeResponse(answer) }),
  ].map(({ data, isContent }, number) => ({
    data: { ...data, sequence_number: number },
    isContent,
  }));
}

/** The answer in one piece, for requests that do not stream. */
function wholeResponse(answer: ScriptedAnswer): Readonly<Record<string, unknown>> {
  const status = finalStatus(answer);
  return {
    ...head(answer, status),
    ...(status === "incomplete" ? { incomplete_details: { reason: "max_output_tokens" } } : {}),
    output: answer.blocks.map((block, index) => itemOf(answer, block, index)),
    usage: usageInResponses(answer.usage),
  };
}

/** The Responses API has one class of cache writes, without lifetimes. */
function withoutLifetimes({ cache_write_1h = 0, ...usage }: Usage): Usage {
  return { ...usage, cache_write_5m: (usage.cache_write_5m ?? 0) + cache_write_1h };
}

function finalStatus({ stopReason }: ScriptedAnswer): "incomplete" | "completed" {
  return stopReason === "max_tokens" ? "incomplete" : "completed";
}

function head({ messageId, model }: ScriptedAnswer, status: string) {
  return { id: `resp_${messageId}`, object: "response", model, status, output: [], usage: null };
}

/** The input includes cached tokens, unlike in the Messages API. */
function usageInResponses(usage: Usage): Readonly<Record<string, unknown>> {
  const { input_uncached = 0, cache_read = 0, output = 0 } = usage;
  const written = (usage.cache_write_5m ?? 0) + (usage.cache_write_1h ?? 0);
  const input = input_uncached + cache_read + written;
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cache_read, cache_write_tokens: written },
    output_tokens: output,
    total_tokens: input + output,
  };
}

function itemOf({ messageId }: ScriptedAnswer, block: ScriptedBlock, index: number): Item {
  const id = `item_${messageId}_${String(index)}`;
  switch (block.type) {
    case "thinking":
      return { id, type: "reasoning", summary: [{ type: "summary_text", text: block.thinking }] };
    case "text": {
      const said = [part(block.text)];
      return { id, type: "message", role: "assistant", status: "completed", content: said };
    }
    case "tool_use": {
      const called = { call_id: block.id, name: block.name };
      const text = JSON.stringify(block.input);
      return { id, type: "function_call", ...called, arguments: text, status: "completed" };
    }
  }
}

function itemEvents(item: Item, index: number): readonly ScriptedEvent[] {
  const place = { item_id: item.id, output_index: index };
  return [
    frame({ type: "response.output_item.added", output_index: index, item: opened(item) }),
    ...deltas(item, place),
    frame({ type: "response.output_item.done", output_index: index, item }),
  ];
}

function opened(item: Item): Item {
  if (item["type"] === "message") return { ...item, status: "in_progress", content: [] };
  if (item["type"] !== "function_call") return item;
  return { ...item, status: "in_progress", arguments: "" };
}

function deltas(item: Item, place: object): readonly ScriptedEvent[] {
  if (item["type"] === "function_call") {
    return pieces(String(item["arguments"])).map((delta) =>
      content({ type: "response.function_call_arguments.delta", ...place, delta }),
    );
  }
  const text = textOf(item);
  if (text === null) return [];
  const at = { ...place, content_index: 0 };
  return [
    frame({ type: "response.content_part.added", ...at, part: part("") }),
    ...pieces(text).map((delta) => content({ type: "response.output_text.delta", ...at, delta })),
    frame({ type: "response.output_text.done", ...at, text }),
    frame({ type: "response.content_part.done", ...at, part: part(text) }),
  ];
}

function part(said: string) {
  return { type: "output_text", text: said, annotations: [] };
}

function textOf(item: Item): string | null {
  const [first]: unknown[] = Array.isArray(item["content"]) ? item["content"] : [];
  return typeof first === "object" && first !== null && "text" in first ? String(first.text) : null;
}

function content(data: ScriptedEvent["data"]): ScriptedEvent {
  return { data, isContent: true };
}

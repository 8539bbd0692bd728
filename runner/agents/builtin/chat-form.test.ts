import { expect, test } from "vitest";

import { chatBody, readChatAnswer } from "./chat-form.ts";

const PROMPT = { model: "m", maxTokens: 9, system: "s", tools: [], messages: [] };

function completion(message: object, finish_reason = "stop"): string {
  const usage = {
    prompt_tokens: 10,
    completion_tokens: 2,
    prompt_tokens_details: { cached_tokens: 4 },
  };
  return JSON.stringify({ model: "m", choices: [{ index: 0, message, finish_reason }], usage });
}

test("a history has a message for each result of a tool", () => {
  const body = chatBody({
    ...PROMPT,
    messages: [
      { role: "user", content: [{ type: "text", text: "Do it." }] },
      {
        role: "assistant",
        content: [{ type: "tool_use", id: "1", name: "look", input: { a: 1 } }],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "1", content: "seen" },
          { type: "text", text: "Go on." },
        ],
      },
    ],
  });
  const call = { id: "1", type: "function", function: { name: "look", arguments: '{"a":1}' } };
  expect(body["messages"]).toEqual([
    { role: "system", content: "s" },
    { role: "user", content: "Do it." },
    { role: "assistant", content: "", tool_calls: [call] },
    { role: "tool", tool_call_id: "1", content: "seen" },
    { role: "user", content: "Go on." },
  ]);
});

test.each([
  ["qwen3-coder-plus", "max_tokens"],
  ["gpt-5.5", "max_completion_tokens"],
  ["o3", "max_completion_tokens"],
  ["gpt-4o", "max_tokens"],
])("the model %s takes %s", (model, limit) => {
  expect(chatBody({ ...PROMPT, model })[limit]).toBe(9);
});

test("an answer has its text, its calls and its usage", () => {
  const call = { id: "1", type: "function", function: { name: "look", arguments: '{"a":1}' } };
  const answer = readChatAnswer(completion({ content: "So.", tool_calls: [call] }, "tool_calls"));
  expect(answer).toEqual({
    content: [
      { type: "text", text: "So." },
      { type: "tool_use", id: "1", name: "look", input: { a: 1 } },
    ],
    stopReason: "tool_use",
    usage: { input_uncached: 6, cache_read: 4, output: 2, requests: 1 },
  });
});

test("a call whose arguments are no JSON keeps their text, so that the model learns it", () => {
  const call = { id: "1", function: { name: "look", arguments: '{"a":' } };
  const { content } = readChatAnswer(completion({ content: null, tool_calls: [call] }));
  expect(content).toEqual([
    { type: "tool_use", id: "1", name: "look", input: { unreadable_json: '{"a":' } },
  ]);
});

test("an answer that was cut off says so", () => {
  expect(readChatAnswer(completion({ content: "So" }, "length")).stopReason).toBe("max_tokens");
});

test("an answer of another API is refused", () => {
  expect(() => readChatAnswer('{"type":"message"}')).toThrow("Chat Completions API");
});

import { expect, test } from "vitest";

import { findDialect } from "./find-dialect.ts";

test.each([
  ["POST", "/v1/messages", "anthropic-messages", "model"],
  ["POST", "/messages", "anthropic-messages", "model"],
  ["POST", "/v1/messages/count_tokens", "anthropic-messages", "count_tokens"],
  ["POST", "/v1/responses", "openai-responses", "model"],
  ["POST", "/responses", "openai-responses", "model"],
  ["POST", "/v1/responses/compact", "openai-responses", "model"],
  ["POST", "/backend-api/codex/responses", "openai-responses", "model"],
  ["POST", "/v1/responses/input_tokens", "openai-responses", "count_tokens"],
  ["GET", "/v1/responses", "openai-responses", "other"],
  ["POST", "/v1/chat/completions", "openai-chat", "model"],
  ["POST", "/chat/completions", "openai-chat", "model"],
  ["POST", "/v1/messages/batches", undefined, "other"],
  ["POST", "/v1/threads/thread_1/messages", undefined, "other"],
  ["GET", "/v1/models", undefined, "other"],
  ["POST", "/", undefined, "other"],
])("%s %s", (...[method, path, name, kind]) => {
  const found = findDialect(method, path);
  expect([found.dialect?.name, found.kind]).toEqual([name, kind]);
});

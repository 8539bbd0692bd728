import { expect, test } from "vitest";

import { findDialect, servesModels } from "./find-dialect.ts";

test.each([
  ["POST", "/v1/messages", "anthropic-messages", "model"],
  ["POST", "/messages", "anthropic-messages", "model"],
  ["POST", "/v1/messages/count_tokens", "anthropic-messages", "count_tokens"],
  ["POST", "/v1/responses", "openai-responses", "model"],
  ["POST", "/responses", "openai-responses", "model"],
  ["POST", "/v1/responses/compact", "openai-responses", "model"],
  ["POST", "/backend-api/codex/responses", "openai-responses", "model"],
  ["POST", "/v1/responses/input_tokens", "openai-responses", "count_tokens"],
  ["POST", "/openai/responses", "openai-responses", "model"],
  ["GET", "/v1/responses", "openai-responses", "other"],
  ["POST", "/v1/chat/completions", "openai-chat", "model"],
  ["POST", "/chat/completions", "openai-chat", "model"],
  ["POST", "/v1/completions", "openai-chat", "model"],
  ["POST", "/openai/deployments/d/chat/completions", "openai-chat", "model"],
  [
    "POST",
    "/v1/projects/p/locations/l/publishers/anthropic/models/c@1:streamrawpredict",
    "anthropic-messages",
    "model",
  ],
  ["POST", "/v1/publishers/anthropic/models/c:rawpredict", "anthropic-messages", "model"],
  [
    "POST",
    "/v1/publishers/anthropic/models/count-tokens:rawpredict",
    "anthropic-messages",
    "count_tokens",
  ],
  ["POST", "/v1/publishers/mistralai/models/m:rawpredict", undefined, "unmetered"],
  ["POST", "/v1beta/models/gemini-3-pro:generatecontent", "gemini", "model"],
  [
    "POST",
    "/v1/projects/p/locations/l/publishers/google/models/g:streamgeneratecontent",
    "gemini",
    "model",
  ],
  ["POST", "/v1internal:streamgeneratecontent", "gemini", "model"],
  ["POST", "/v1internal:counttokens", "gemini", "count_tokens"],
  ["POST", "/v1internal:loadcodeassist", undefined, "other"],
  ["POST", "/v1internal:onboarduser", undefined, "other"],
  ["POST", "/v1internal:listexperiments", undefined, "other"],
  ["POST", "/v1internal:generatechat", undefined, "unmetered"],
  ["POST", "/v1beta/models/gemini-3-pro:counttokens", "gemini", "count_tokens"],
  ["POST", "/v1beta/models/gemini-3-pro:embedcontent", undefined, "unmetered"],
  ["POST", "/v1/messages/batches", undefined, "unmetered"],
  ["POST", "/v1/messages/batches/b/cancel", undefined, "other"],
  ["PUT", "/v1/messages", "anthropic-messages", "unmetered"],
  ["POST", "/v1/threads/thread_1/messages", undefined, "unmetered"],
  ["POST", "/api/event_logging/v2/batch", undefined, "other"],
  ["POST", "/upload/v1beta/files", undefined, "other"],
  ["POST", "/v1/filesystem", undefined, "unmetered"],
  ["GET", "/v1/models", undefined, "other"],
  ["POST", "/", undefined, "unmetered"],
])("%s %s", (...[method, path, name, kind]) => {
  const found = findDialect(method, path);
  expect([found.dialect?.name, found.kind]).toEqual([name, kind]);
});

test.each([
  ["/v1internal:loadcodeassist", true],
  ["/v1internal:onboarduser", true],
  ["/v1internal/operations/o", true],
  ["/v1internal:recordcodeassistmetrics", false],
])("%s serves the models: %s", (path, serves) => {
  expect(servesModels(path)).toBe(serves);
});

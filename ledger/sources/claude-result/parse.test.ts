import { describe, expect, it } from "vitest";

import { claudeResult } from "./parse.ts";

const CONTEXT = { file: "f", readAt: "2026-01-02T00:00:00.000Z", provider: "claude" };
const INIT = '{"type":"system","subtype":"init"}';
const RESULT = {
  type: "result",
  session_id: "s",
  uuid: "u",
  model_usage_since_last_result: { m: { inputTokens: 100, outputTokens: 50 } },
};
const LINE = JSON.stringify(RESULT);
const DOCUMENT = JSON.stringify(RESULT, undefined, 2);
const EVENT = { kind: "event", event: { id: "u:m", usage: { input_uncached: 100, output: 50 } } };
const notJson = (line: number) => ({ kind: "problem", reason: "not-json", line });

function read(...lines: readonly string[]) {
  const reader = claudeResult.open(CONTEXT);
  const readings = lines
    .join("\n")
    .split("\n")
    .flatMap((line, index) => reader.line(line, index + 1));
  return [...readings, ...reader.end()];
}

describe("a line that is no JSON", () => {
  it.each([
    ["before a stream", ["npm warn something", INIT, LINE], [notJson(1), EVENT]],
    ["before a stream, as a list", ["[warn] something", INIT, "", LINE], [notJson(1), EVENT]],
    ["before a stream, cut short", ['{"type":"sys', INIT, LINE], [notJson(1), EVENT]],
    ["in a stream", [INIT, "npm warn something", LINE], [notJson(2), EVENT]],
    ["behind a stream", [INIT, LINE, "npm warn something"], [EVENT, notJson(3)]],
    ["before a document", ["npm warn something", DOCUMENT], [notJson(1), EVENT]],
    ["and nothing else", ["npm warn something", "", "npm error"], [notJson(1), notJson(3)]],
  ])("is named, and the result counts: %s", (_where, lines, readings) => {
    expect(read(...lines)).toMatchObject(readings);
  });
});

describe("a document", () => {
  it.each([
    ["on one line", LINE],
    ["over several lines", DOCUMENT],
    ["over several lines, with a blank one before it", `\n${DOCUMENT}`],
    ["of a list over several lines", JSON.stringify([{ type: "system" }, RESULT], undefined, 2)],
    ["of a list with a line for each", `[${INIT},\n${LINE}\n]`],
  ])("is read: %s", (_form, text) => {
    expect(read(text)).toMatchObject([EVENT]);
  });

  it("that is cut short is one problem", () => {
    expect(read("", DOCUMENT.slice(0, -3))).toMatchObject([notJson(2)]);
  });
});

describe("a result without the usage since the last one", () => {
  const { model_usage_since_last_result: _since, ...bare } = RESULT;
  const zero = { input_tokens: 0, output_tokens: 0 };
  const model = { inputTokens: 100, outputTokens: 10, costUSD: 0.5 };

  it("has the cost of each model's count", () => {
    const text = JSON.stringify({ ...bare, modelUsage: { "claude-a": model } });
    expect(read(text)).toMatchObject([{ kind: "total", key: "s:claude-a", cost_usd: 0.5 }]);
  });

  it.each([
    ["of an interrupted run, whose tokens are not zero", { usage: zero }, "no-usage"],
    ["of one with an empty list of models", { usage: zero, modelUsage: {} }, "no-usage"],
    ["without an id", { usage: { ...zero, output_tokens: 1 }, uuid: undefined }, "no-uuid"],
    ["without any tokens", {}, "no-usage"],
  ])("is named: %s", (_what, more, reason) => {
    expect(read(JSON.stringify({ ...bare, ...more }))).toMatchObject([{ reason }]);
  });

  it("says nothing of a run that asked no model", () => {
    expect(read(JSON.stringify({ ...bare, usage: zero, duration_api_ms: 0 }))).toEqual([]);
  });
});

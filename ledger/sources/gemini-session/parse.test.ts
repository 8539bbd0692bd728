import { expect, test } from "vitest";

import { geminiSession } from "./parse.ts";

const ANSWER = {
  id: "a1",
  type: "gemini",
  timestamp: "2026-11-26T09:00:01Z",
  model: "gemini-2.5-pro",
  tokens: { input: 1000, output: 50, cached: 400 },
};
const OLDER = { sessionId: "g1", kind: "main", messages: [ANSWER] };

function readingsOf(text: string) {
  const { marks = [], ...source } = geminiSession;
  const reader = source.open({ file: "session.json", readAt: "", provider: "gemini" });
  return text
    .split("\n")
    .flatMap((line, index) =>
      marks.some((mark) => line.includes(mark)) ? reader.line(line, index + 1) : [],
    );
}

test.each([
  ["in one line", JSON.stringify(OLDER), 1],
  ["in lines", JSON.stringify(OLDER, null, 2), 4],
])("the session of an older client is named, %s", (_, text, line) => {
  const problems = readingsOf(text).filter(
    (reading) => reading.kind === "problem" && reading.reason === "older-session",
  );
  expect(problems).toMatchObject([{ line, text: expect.stringContaining("a newer Gemini CLI") }]);
});

test("messages in an argument of a tool are of no older client", () => {
  const toolCalls = [{ args: { messages: [ANSWER] } }];
  const readings = readingsOf(JSON.stringify({ ...ANSWER, toolCalls }));
  expect(readings).toMatchObject([{ kind: "event", event: { id: "a1" } }]);
});

import { describe, expect, it } from "vitest";

import { readLines, textOf } from "../read-lines.ts";
import type { UsageReading } from "../usage-source.ts";
import { claudeSession } from "./parse.ts";

interface Said {
  readonly id?: string;
  readonly output: number;
  readonly tier?: string;
  readonly content?: unknown;
}

function lineOf({ id = "msg_1", output, tier = "standard", content = "text" }: Said): string {
  const usage = { input_tokens: 10, service_tier: tier, output_tokens: output };
  const message = { id, role: "assistant", model: "claude", content, usage };
  const timestamp = "2026-01-02T03:04:05.000Z";
  return JSON.stringify({ type: "assistant", sessionId: "s1", message, timestamp });
}

async function* bytesOf(text: string) {
  yield Buffer.from(text);
}

async function outputsOf(...lines: readonly Said[]) {
  return await outputsIn(lines.map((line) => `${lineOf(line)}\n`).join(""));
}

/** The output of each event that a log gives. */
async function outputsIn(log: string) {
  const context = {
    file: "log",
    readAt: "2026-01-03T00:00:00.000Z",
    provider: "claude",
  };
  const reader = claudeSession.open(context);
  const readings: UsageReading[] = [];
  for await (const some of readLines(bytesOf(log), claudeSession)) {
    for (const line of some) readings.push(...reader.line(textOf(line), line.number));
  }
  return readings.map((one) => (one.kind === "event" ? one.event.usage.output : one.kind));
}

it.each([
  ["/home/a/.claude/projects/x/s1/subagents/agent-1.jsonl", "subagent"],
  ["/home/a/.claude/projects/x/s1.jsonl", "main"],
  ["/home/a/subagents/projects/x/s1.jsonl", "main"],
])("the log %s is of the %s lane", (file, lane) => {
  const reader = claudeSession.open({
    file,
    readAt: "2026-01-03T00:00:00.000Z",
    provider: "claude",
  });
  expect(reader.line(lineOf({ output: 5 }), 1)).toMatchObject([{ event: { lane } }]);
});

describe("lines of a session log that follow each other", () => {
  it("give one event if they say the same of one message", async () => {
    const outputs = await outputsOf({ output: 50 }, { output: 50, content: "another block" });
    expect(outputs).toEqual([50]);
  });

  it("are read one by one if the log ends within the second one's usage", async () => {
    const line = lineOf({ output: 50 });
    const half = line.slice(0, line.indexOf("service_tier"));
    expect(await outputsIn(`${line}\n${half}`)).toEqual([50, "problem"]);
  });

  it.each<[string, Said, Said]>([
    ["a larger count", { output: 2 }, { output: 50 }],
    ["another message", { output: 50 }, { output: 50, id: "msg_2" }],
    ["a count behind a brace in a text", { output: 2, tier: "}" }, { output: 50, tier: "}" }],
    [
      "a count next to a tool's input that looks like one",
      { output: 2, content: [{ input: { usage: { id: "msg_9" } } }] },
      { output: 50, content: [{ input: { usage: { id: "msg_9" } } }] },
    ],
  ])("give an event each for %s", async (_what, first, second) => {
    expect(await outputsOf(first, second)).toEqual([first.output, second.output]);
  });
});

it("gives an event for the advice of another model, and counts a compaction", () => {
  const iterations = [
    { type: "compaction", input_tokens: 5000, output_tokens: 100 },
    { type: "message", input_tokens: 10, output_tokens: 5 },
    { type: "advisor_message", model: "adviser", input_tokens: 900, output_tokens: 80 },
  ];
  const line = JSON.parse(lineOf({ output: 5 }));
  line.message.usage.iterations = iterations;
  const reader = claudeSession.open({
    file: "log",
    readAt: "2026-01-03T00:00:00.000Z",
    provider: "claude",
  });
  expect(reader.line(JSON.stringify(line), 1)).toMatchObject([
    { event: { id: "msg_1", model: "claude", usage: { input_uncached: 5010, output: 105 } } },
    { event: { id: "msg_1:1", model: "adviser", usage: { input_uncached: 900, output: 80 } } },
  ]);
});

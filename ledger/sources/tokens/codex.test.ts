import { describe, expect, it } from "vitest";

import { codexExec } from "../codex-exec/parse.ts";
import { codexRollout } from "../codex-rollout/parse.ts";
import type { UsageSource } from "../usage-source.ts";

const CONTEXT = { file: "f", readAt: "2026-01-02T00:00:00.000Z", provider: "codex" };
const TIME = "2026-01-01T10:00:00.000Z";

function read(source: UsageSource, ...lines: readonly object[]) {
  const reader = source.open(CONTEXT);
  const readings = lines.flatMap((line, index) => reader.line(JSON.stringify(line), index + 1));
  return [...readings, ...reader.end()];
}

const tokens = (input: number, cached: number) => ({
  input_tokens: input,
  cached_input_tokens: cached,
  output_tokens: 50,
});

const count = (total: object) => ({
  timestamp: TIME,
  type: "event_msg",
  payload: { type: "token_count", info: { total_token_usage: total } },
});

it("names a turn that failed, which states no tokens", () => {
  const started = { type: "thread.started", thread_id: "t" };
  const failed = { type: "turn.failed", error: { message: "cut" } };
  expect(read(codexExec, started, failed)).toEqual([
    {
      kind: "problem",
      line: 2,
      reason: "turn-failed",
      text: "A failed turn states no tokens. Its session log has them: experiment ingest codex-rollout ~/.codex/sessions",
    },
  ]);
});

const meta = (id: string, more: object = {}) => ({
  timestamp: TIME,
  type: "session_meta",
  payload: { id, timestamp: TIME, ...more },
});

const idsIn = (...lines: readonly object[]) =>
  read(codexRollout, ...lines).map((one) => (one.kind === "event" ? one.event.id : one.kind));

it("knows the counts that a sub-agent's log repeats of its parent, whatever their times", () => {
  const source = { subagent: { thread_spawn: { parent_thread_id: "parent" } } };
  const counts = [tokens(400, 0), tokens(1000, 0)].map((one) => count(one));
  const own = count(tokens(1050, 0));
  const parent = idsIn(meta("parent"), ...counts);
  const child = idsIn(meta("child", { source }), meta("parent"), ...counts, own);
  expect(child.slice(0, 2)).toEqual(parent);
  expect(child).toHaveLength(3);
});

it.each([
  [50, 50],
  [60, 110],
])(
  "counts %i tokens of reasoning apart if 50 of output can't contain them",
  (reasoning, output) => {
    const started = { type: "thread.started", thread_id: "t" };
    const usage = { ...tokens(100, 0), reasoning_output_tokens: reasoning };
    const [found] = read(codexExec, started, { type: "turn.completed", usage });
    const total = { input_uncached: 100, cache_read: 0, output, reasoning, requests: 0 };
    expect(found?.kind === "total" && found.total).toEqual(total);
  },
);

describe("more cached tokens of Codex than input, which contains them,", () => {
  const bad = {
    kind: "problem",
    reason: "bad-usage",
    text: expect.stringContaining("100 of input"),
  };

  it("are named in a count of a session log, and later counts grow from the one before", () => {
    const counts = [tokens(50, 0), tokens(100, 900), tokens(200, 60)].map((one) => count(one));
    expect(read(codexRollout, ...counts)).toMatchObject([
      { kind: "event", event: { usage: { input_uncached: 50, cache_read: 0 } } },
      { ...bad, line: 2, at: TIME },
      { kind: "event", event: { usage: { input_uncached: 90, cache_read: 60 } } },
    ]);
  });

  it("are named in what a count has grown by", () => {
    const counts = [tokens(900, 0), tokens(1000, 900)].map((one) => count(one));
    expect(read(codexRollout, ...counts)).toMatchObject([
      { kind: "event" },
      { ...bad, line: 2, at: TIME },
    ]);
  });
});

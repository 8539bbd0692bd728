import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";
import { z } from "zod";

import { type Usage, sumUsage } from "../../../../ledger/domain/usage.ts";
import { anthropicMessages } from "../dialects/anthropic-messages.ts";
import type { AnswerReading, Dialect } from "../dialects/dialect.ts";
import { gemini } from "../dialects/gemini.ts";
import { openaiChat, openaiResponses } from "../dialects/openai.ts";
import { meterAnswer } from "./meter-answer.ts";

const ANSWERS = join(import.meta.dirname, "../test-support/answers");

const Dealt = z.object({
  input: z.number(),
  cache_read: z.number(),
  cache_write_5m: z.number().optional(),
  cache_write_1h: z.number().optional(),
  output: z.number(),
  reasoning: z.number().optional(),
});
const Expected = z.object({
  totals: Dealt,
  aborted_streams: z.array(z.object({ n: z.number(), announced: Dealt.partial() })),
  requests: z.array(z.object({ n: z.number(), stream: z.boolean(), complete: z.boolean() })),
});

describe.each([
  ["claude-basic", anthropicMessages],
  ["claude-sse-error", anthropicMessages],
  ["claude-stream-cut", anthropicMessages],
  ["codex-basic", openaiResponses],
  ["codex-stream-cut", openaiResponses],
  ["opencode-basic-chat", openaiChat],
  ["gemini-basic", gemini],
] as const)("the recorded answers of %s", (recording, dialect) => {
  const folder = join(ANSWERS, recording);
  const expected = Expected.parse(JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")));
  const files = readdirSync(folder)
    .filter((name) => name.startsWith("res-"))
    .toSorted();

  test.each([1, 7, 100_000])("add up to what was dealt, %i bytes at a time", async (size) => {
    const complete = expected.requests.filter((request) => request.complete);
    const readings = await Promise.all(
      complete.map(async ({ n, stream }) => await meter(answerOf(n), { dialect, stream, size })),
    );
    expect(readings.every(({ isComplete, error }) => isComplete && error === null)).toBe(true);
    const usages = readings.flatMap(({ usage }) => (usage === null ? [] : [usage]));
    expect(dealt(sumUsage(usages))).toEqual(withoutUndefined(expected.totals));
  });

  test("state no more of a cut stream than it had announced", async () => {
    for (const { n, announced } of expected.aborted_streams) {
      const reading = await meter(answerOf(n), { dialect, stream: true, size: 13 });
      expect(reading.isComplete).toBe(false);
      expect(reading.usage?.output).toBeUndefined();
      expect(reading.outputEstimate).toBeGreaterThan(0);
      expect(reading.usage === null ? {} : dealt(reading.usage)).toEqual(announced);
    }
  });

  function answerOf(n: number): Buffer {
    return readFileSync(join(folder, files[n - 1] ?? ""));
  }
});

async function meter(
  answer: Buffer,
  {
    dialect,
    stream,
    size,
  }: { readonly dialect: Dialect; readonly stream: boolean; readonly size: number },
): Promise<AnswerReading> {
  const answerMeter = dialect.newMeter("127.0.0.1");
  const contentType = stream ? "text/event-stream; charset=utf-8" : "application/json";
  const form = { contentType, contentEncoding: "", onDrain: () => undefined };
  const copy = meterAnswer(answerMeter, form)?.copy;
  for (let at = 0; at < answer.length; at += size) copy?.write(answer.subarray(at, at + size));
  await new Promise<void>((resolve) => {
    copy?.end(resolve);
  });
  return answerMeter.reading();
}

/** A canonical usage under the recording's names. */
function dealt({ input_uncached: input, ...classes }: Usage): object {
  return withoutUndefined({ input, ...classes, requests: undefined });
}

function withoutUndefined(record: object): object {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

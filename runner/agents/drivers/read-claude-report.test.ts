import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { readClaudeReport } from "./agent-reports.ts";

/** Recorded output of Claude Code 2.1.329 against a scripted server, texts taken out. */
const recorded = (name: string) => new URL(`recorded/${name}.jsonl`, import.meta.url).pathname;

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "claude-report-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function reportOf(...lines: readonly unknown[]) {
  const file = join(folder, "capture.jsonl");
  const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
  await writeFile(file, text.join("\n"));
  return await reportIn(file);
}

async function reportIn(capture: string) {
  const { value } = await readClaudeReport({ capture, home: folder });
  return value ?? {};
}

const model = (tokens: number, more: object = {}) => ({
  inputTokens: tokens,
  outputTokens: tokens,
  cacheReadInputTokens: 0,
  cacheCreationInputTokens: 0,
  ...more,
});

/** What the server itself counted: tokens in the order of the report, and its price. */
const DEALT = [
  { name: "claude-basic", tokens: [115, 22_502, 4966, 148, 732], usd: 0.0375861 },
  { name: "claude-subagent-foreground", tokens: [2573, 22_777, 3903, 875, 998], usd: 0.04026465 },
  { name: "claude-max-budget", tokens: [48, 0, 1361, 0, 58], usd: 0.00611775 },
  { name: "claude-refused-403", tokens: [148, 0, 2764, 0, 287], usd: 0.015114 },
  // The second run of a session, whose modelUsage counts the first one again.
  { name: "claude-resume", tokens: [36, 4974, 836, 0, 50], usd: 0.0054852 },
];

describe("readClaudeReport agrees with the server", () => {
  it.each(DEALT)("on $name", async ({ name, tokens, usd }) => {
    const report = await reportIn(recorded(name));
    const [input_uncached, cache_read, cache_write_5m, cache_write_1h, output] = tokens;
    expect(report.usage).toEqual({
      input_uncached,
      cache_read,
      cache_write_5m,
      cache_write_1h,
      output,
      reasoning: 0,
      requests: 0,
    });
    expect(report.costUsd).toBeCloseTo(usd, 10);
  });
});

describe("readClaudeReport", () => {
  it("knows nothing without a result event", async () => {
    expect(await reportOf({ type: "system", subtype: "init" })).toEqual({});
    expect(await reportIn(join(folder, "absent"))).toEqual({});
  });

  it("ignores text, broken lines and invalid results", async () => {
    const report = await reportOf(
      'a warning about "result"',
      '{"type":"result"',
      { type: "user", note: '"result"' },
      { type: "result", modelUsage: { m: model(-5) } },
      { type: "result", modelUsage: { m: model(7) } },
      "",
    );
    expect(report).toMatchObject({ usage: { input_uncached: 7, output: 7 } });
  });

  it("adds what several results of one run report", async () => {
    const report = await reportOf(
      { type: "result", model_usage_since_last_result: { m: model(5) } },
      {
        type: "result",
        model_usage_since_last_result: { m: model(3), n: model(1) },
        modelUsage: { m: model(8), n: model(1) },
      },
    );
    expect(report.usage).toMatchObject({ input_uncached: 9, output: 9 });
  });

  it("gives no cost if the price of a model is invented", async () => {
    const report = await reportOf({
      type: "result",
      modelUsage: {
        known: model(1, { costUSD: 0.5, costBasis: "list" }),
        odd: model(1, { costUSD: 0.5, costBasis: "unknown" }),
      },
    });
    expect(report.costUsd).toBeUndefined();
    expect(report.usage).toMatchObject({ output: 2 });
  });
});

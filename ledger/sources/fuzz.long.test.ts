import seedrandom from "seedrandom";
import { describe, expect, it } from "vitest";

import { ccusage } from "./ccusage/parse.ts";
import { claudeResult } from "./claude-result/parse.ts";
import { claudeSession } from "./claude-session/parse.ts";
import { claudeUsage } from "./claude-usage/parse.ts";
import { codexExec } from "./codex-exec/parse.ts";
import { codexRollout } from "./codex-rollout/parse.ts";
import { codexStatus } from "./codex-status/parse.ts";
import { otlp } from "./otlp/parse.ts";
import { proxyTelemetry } from "./proxy-telemetry/parse.ts";
import { readLines, textOf } from "./read-lines.ts";
import type { UsageSource } from "./usage-source.ts";

/** 100,000 in all, over the parsers. */
const INPUTS = 100_000;

const USAGE = '"usage":{"input_tokens":100,"output_tokens":50,"cache_read_input_tokens":10}';
const TOTAL =
  '"total_token_usage":{"input_tokens":100,"cached_input_tokens":10,"output_tokens":50}';

const SERIES =
  '"attributes":[{"key":"session.id","value":{"stringValue":"s"}},{"key":"type","value":{"stringValue":"input"}}]';
const REQUEST =
  '{"key":"event.name","value":{"stringValue":"api_request"}},{"key":"input_tokens","value":{"intValue":"1"}},{"key":"output_tokens","value":{"intValue":2}}';

/** Whole inputs that are then cut, repeated, swapped and filled with other bytes. */
const SEEDS = [
  `{"type":"assistant","timestamp":"2026-01-01T10:00:00.000Z","message":{"id":"m",${USAGE}}}\n`,
  '{"timestamp":"2026-01-01T10:00:00.000Z","type":"session_meta","payload":{"id":"s"}}\n',
  `{"timestamp":"2026-01-01T10:00:00.000Z","type":"event_msg","payload":{"type":"token_count","info":{${TOTAL}}}}\n`,
  `{"type":"thread.started","thread_id":"t"}\n{"type":"turn.completed",${USAGE}}\n`,
  `{"type":"result","session_id":"s","uuid":"u",${USAGE},"modelUsage":{"m":{"inputTokens":1,"outputTokens":2}}}\n`,
  '{"daily":[{"date":"2026-01-01","inputTokens":1,"outputTokens":2,"totalTokens":3}],"totals":{}}\n',
  "Date,Input,Output,Total Tokens\n2026-01-01,1,2,3\n",
  '{"ts":1760972506.92,"rid":"r","lane":"zai","model":"m","status":200,"input_tokens":1}\n',
  `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1795443239289000000","attributes":[{"key":"session.id","value":{"stringValue":"s"}},${REQUEST}]}]}]}]}\n`,
  `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"claude_code.token.usage","sum":{"aggregationTemporality":2,"dataPoints":[{${SERIES},"startTimeUnixNano":"1","timeUnixNano":"2","asDouble":3}]}}]}]}]}\n`,
  "│ 5h limit: [███░] 28% left (resets 03:14) │\nWeekly limit: 55% left (resets 21:24 on 31 Dec)\n",
  "Current session\n 1% used\n Resets 8:59pm (Asia/Irkutsk)\nCurrent week (all models) · Resets Oct\n 20, 2am\n",
];

const PIECES = [
  "{",
  "}",
  "[",
  '"',
  ",",
  ":",
  "\n",
  "\r\n",
  "\u001B[31m",
  "\u0000",
  "\uFEFF",
  "999999999999999999999",
  "-1",
  "null",
  "%",
  "resets",
  "used",
  "left",
];

function mutate(random: () => number): string {
  const at = (length: number) => Math.floor(random() * length);
  let text = SEEDS[at(SEEDS.length)] ?? "";
  for (let change = at(6); change >= 0; change -= 1) {
    const from = at(text.length + 1);
    const to = from + at(20);
    const piece =
      random() < 0.5
        ? (PIECES[at(PIECES.length)] ?? "")
        : (SEEDS[at(SEEDS.length)] ?? "").slice(0, at(120));
    text = text.slice(0, from) + piece + text.slice(random() < 0.5 ? from : to);
  }
  return random() < 0.02 ? `${"[".repeat(50_000)}${text}` : text;
}

const CONTEXT = {
  file: "f",
  readAt: "2026-01-01T10:00:00.000Z",
  provider: "claude",
  timeZone: "UTC",
};
const CAPTURE = { capturedAt: "2026-01-01T00:30:00.000Z", timeZone: "Asia/Tokyo" };

async function readAll(source: UsageSource, text: string): Promise<number> {
  const reader = source.open(CONTEXT);
  let readings = 0;
  async function* chunks() {
    for (let from = 0; from < text.length; from += 1000)
      yield Buffer.from(text.slice(from, from + 1000));
  }
  for await (const lines of readLines(chunks())) {
    for (const line of lines) readings += reader.line(textOf(line), line.number).length;
  }
  return readings + reader.end().length;
}

const SOURCES = [
  claudeSession,
  claudeResult,
  codexRollout,
  codexExec,
  ccusage,
  proxyTelemetry,
  otlp,
];
const PANES = [codexStatus, claudeUsage];
const SHARE = Math.ceil(INPUTS / (SOURCES.length + PANES.length));

describe("broken input", () => {
  it.each(SOURCES)("never breaks the parser of $name", async (source) => {
    const random = seedrandom(`fuzz ${source.name}`);
    let readings = 0;
    for (let input = 0; input < SHARE; input += 1)
      readings += await readAll(source, mutate(random));
    expect(readings).toBeGreaterThan(0);
  });

  it.each(PANES)("never breaks the parser of $name", (pane) => {
    const random = seedrandom(`fuzz ${pane.name}`);
    let readings = 0;
    for (let input = 0; input < SHARE; input += 1) {
      const { meters, errors } = pane.parse(mutate(random), CAPTURE);
      readings += meters.length + errors.length;
      for (const { used } of meters) expect(used >= 0 && used <= 100).toBe(true);
    }
    expect(readings).toBeGreaterThan(0);
  });
});

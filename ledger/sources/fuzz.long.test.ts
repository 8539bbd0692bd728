import { describe, expect, it } from "vitest";

import { Meter } from "../domain/meter.ts";
import { IngestedEvent } from "../domain/usage-ingested.ts";
import { Usage } from "../domain/usage.ts";
import { ccusage } from "./ccusage/parse.ts";
import { claudeResult } from "./claude-result/parse.ts";
import { claudeSession } from "./claude-session/parse.ts";
import { claudeUsage } from "./claude-usage/parse.ts";
import { codexExec } from "./codex-exec/parse.ts";
import { codexRollout } from "./codex-rollout/parse.ts";
import { codexStatus } from "./codex-status/parse.ts";
import { geminiSession } from "./gemini-session/parse.ts";
import { glmQuota } from "./glm-quota/parse.ts";
import { opencodeSession } from "./opencode-session/parse.ts";
import { otlp } from "./otlp/parse.ts";
import { piSession } from "./pi-session/parse.ts";
import { proxyTelemetry } from "./proxy-telemetry/parse.ts";
import { qwenSession } from "./qwen-session/parse.ts";
import { readLines, textOf } from "./read-lines.ts";
import { brokenInputs } from "./test-support/broken-inputs.ts";
import type { UsageReading, UsageSource } from "./usage-source.ts";

const CONTEXT = {
  file: "f",
  readAt: "2026-01-01T10:00:00.000Z",
  provider: "claude",
};
const CAPTURE = { capturedAt: "2026-01-01T00:30:00.000Z", timeZone: "Asia/Tokyo" };

/** As a file in UTF-8 or UTF-16, in parts of any length. */
async function* chunksOf(text: string) {
  const isWide = text.length % 7 === 0;
  const bytes = Buffer.from(isWide ? `\uFEFF${text}` : text, isWide ? "utf16le" : "utf8");
  const length = (text.length % 997) + 1;
  for (let from = 0; from < bytes.length; from += length) yield bytes.subarray(from, from + length);
}

async function readAll(source: UsageSource, text: string): Promise<readonly UsageReading[]> {
  const reader = source.open(CONTEXT);
  const readings: UsageReading[] = [];
  for await (const lines of readLines(chunksOf(text), source)) {
    for (const line of lines) {
      readings.push(...reader.line(textOf(line), line.number));
    }
  }
  return [...readings, ...reader.end()];
}

/** What a row can't hold would end the command that writes it. */
function refusedByRows(reading: UsageReading): unknown {
  switch (reading.kind) {
    case "event":
      return IngestedEvent.safeParse(reading.event).error;
    case "total":
      return Usage.safeParse(reading.total).error;
    case "problem":
      return undefined;
  }
}

const SOURCES = [
  geminiSession,
  qwenSession,
  opencodeSession,
  piSession,
  claudeSession,
  claudeResult,
  codexRollout,
  codexExec,
  ccusage,
  proxyTelemetry,
  otlp,
];
const PANES = [codexStatus, claudeUsage, glmQuota];

describe("broken input", () => {
  it.each(SOURCES)("never breaks the parser of $name", async (source) => {
    let read = 0;
    for (const text of brokenInputs(source.name)) {
      const readings = await readAll(source, text);
      for (const reading of readings) expect(refusedByRows(reading)).toBeUndefined();
      read += readings.filter(({ kind }) => kind !== "problem").length;
    }
    expect(read).toBeGreaterThan(0);
  });

  it.each(PANES)("never breaks the parser of $name", (pane) => {
    let read = 0;
    for (const text of brokenInputs(pane.name)) {
      const { meters } = pane.parse(text, CAPTURE);
      read += meters.length;
      for (const meter of meters) {
        expect(Meter.safeParse(meter).error).toBeUndefined();
        expect(meter.unit !== "percent" || meter.used <= 100).toBe(true);
      }
    }
    expect(read).toBeGreaterThan(0);
  });
});

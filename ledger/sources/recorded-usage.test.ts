import { readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";
import { z } from "zod";

import { sumUsage } from "../domain/usage.ts";
import { claudeResult } from "./claude-result/parse.ts";
import { claudeSession } from "./claude-session/parse.ts";
import { codexExec } from "./codex-exec/parse.ts";
import { codexRollout } from "./codex-rollout/parse.ts";
import { geminiSession } from "./gemini-session/parse.ts";
import { piSession } from "./pi-session/parse.ts";
import { qwenSession } from "./qwen-session/parse.ts";
import type { UsageReading, UsageSource } from "./usage-source.ts";

/** Lines with usage of runs whose true totals the model server knew. */
const Cases = z.record(
  z.string(),
  z.object({
    files: z.record(z.string(), z.array(z.unknown())),
    totals: z.record(z.string(), z.number()),
    lanes: z.record(z.string(), z.record(z.string(), z.number())),
  }),
);
const recorded = z
  .object({ sessions: Cases, results: Cases, exec: Cases })
  .parse(
    JSON.parse(
      readFileSync(path.join(import.meta.dirname, "test-support/recorded-usage.json"), "utf8"),
    ),
  );
type Case = z.infer<typeof Cases>[string];

const SESSIONS: Readonly<Record<string, UsageSource>> = {
  claude: claudeSession,
  codex: codexRollout,
  gemini: geminiSession,
  pi: piSession,
  qwen: qwenSession,
};
const LANES: Readonly<Record<string, string>> = { main: "main", sub: "subagent" };

function read(source: UsageSource, { files }: Case): readonly UsageReading[] {
  return Object.entries(files).flatMap(([file, lines]) => {
    const context = { file, readAt: "2026-11-21T06:00:00.000Z", provider: "any" };
    const reader = source.open(context);
    const texts = lines.map((line) => JSON.stringify(line));
    return [...texts.flatMap((text, index) => reader.line(text, index + 1)), ...reader.end()];
  });
}

/** Each event once, as the ledger counts them: with its largest output. */
function eventsOf(readings: readonly UsageReading[]) {
  const events = new Map<string, Extract<UsageReading, { kind: "event" }>["event"]>();
  for (const reading of readings) {
    if (reading.kind !== "event") continue;
    const known = events.get(reading.event.id)?.usage.output ?? -1;
    if ((reading.event.usage.output ?? 0) > known) events.set(reading.event.id, reading.event);
  }
  return [...events.values()];
}

function totalsIn(readings: readonly UsageReading[]) {
  return readings.flatMap((reading) => (reading.kind === "total" ? [reading.total] : []));
}

function totalsOf(usages: Parameters<typeof sumUsage>[0]) {
  const {
    input_uncached: input = 0,
    requests: _requests,
    billing: _billing,
    web_searches: _searches,
    ...others
  } = sumUsage(usages);
  return { input, ...others };
}

/** What the model server counted; classes that are 0 there may be absent. */
function nonZero(totals: Readonly<Record<string, number | undefined>>) {
  return Object.fromEntries(
    Object.entries(totals).filter(([name, value]) => value !== 0 && name !== "requests"),
  );
}

describe.each(Object.entries(recorded.sessions))("the session log of %s", (name, one) => {
  const source = SESSIONS[name.split("-")[0] ?? ""] ?? claudeSession;
  const readings = read(source, one);
  const events = eventsOf(readings);

  it("has the tokens that the model server sent", () => {
    expect(readings.filter(({ kind }) => kind === "problem")).toEqual([]);
    expect(nonZero(totalsOf(events.map(({ usage }) => usage)))).toEqual(nonZero(one.totals));
  });

  it("tells the main agent's from its sub-agents'", () => {
    for (const [lane, totals] of Object.entries(one.lanes)) {
      const own = events.filter((event) => event.lane === LANES[lane]);
      expect(nonZero(totalsOf(own.map(({ usage }) => usage)))).toEqual(nonZero(totals));
    }
  });
});

it.each(Object.entries(recorded.results))("the results of %s have all tokens", (_name, one) => {
  const readings = read(claudeResult, one);
  const usages = eventsOf(readings).map(({ usage }) => usage);
  expect(nonZero(totalsOf([...usages, ...totalsIn(readings)]))).toEqual(nonZero(one.totals));
});

it.each(Object.entries(recorded.exec))("codex exec of %s counts the main thread", (_name, one) => {
  const totals = totalsIn(read(codexExec, one));
  expect(nonZero(totalsOf(totals.slice(-1)))).toEqual(nonZero(one.totals));
});

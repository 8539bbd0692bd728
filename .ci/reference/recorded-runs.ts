import { readFileSync } from "node:fs";
import path from "node:path";

import { z } from "zod";

import { Lane } from "../../ledger/domain/usage-ingested.ts";
import { NO_USAGE, sumUsage, type Usage } from "../../ledger/domain/usage.ts";
import type { LaneUsage, SourceLanes } from "../../ledger/invariants/source-coverage.ts";
import { claudeResult } from "../../ledger/sources/claude-result/parse.ts";
import { claudeSession } from "../../ledger/sources/claude-session/parse.ts";
import { codexExec } from "../../ledger/sources/codex-exec/parse.ts";
import { codexRollout } from "../../ledger/sources/codex-rollout/parse.ts";
import { geminiSession } from "../../ledger/sources/gemini-session/parse.ts";
import { opencodeSession } from "../../ledger/sources/opencode-session/parse.ts";
import { otlp } from "../../ledger/sources/otlp/parse.ts";
import { recordedTelemetry } from "../../ledger/sources/otlp/test-support/recorded-telemetry.ts";
import { piSession } from "../../ledger/sources/pi-session/parse.ts";
import { qwenSession } from "../../ledger/sources/qwen-session/parse.ts";
import type { UsageReading, UsageSource } from "../../ledger/sources/usage-source.ts";
import { driverNamed } from "../../runner/agents/drivers/registry.ts";
import { TelemetryTally } from "../../runner/gateway/otlp/telemetry-tally.ts";
import { DIALECT_NAMES } from "../../runner/gateway/proxy/dialects/dialect.ts";
import { packageFolder } from "../../runner/platform/environment/package-folder.ts";
import { priceOf, readAnswer } from "./recorded-answers.ts";

/** A run of a real client against the scripted model server, and what each source says about it. */
export interface RecordedRun {
  /** The client's name is its first word. */
  readonly name: string;
  readonly version: string;
  /** What the server dealt, by whose request it was. */
  readonly dealt: LaneUsage;
  readonly sources: readonly RecordedSource[];
}

/** What a source says about a run. */
export interface RecordedSource extends SourceLanes {
  /** By the shipped prices, or as a client states them. Null if there is no price. */
  readonly dollars?: number | null | undefined;
  /** It says itself that it leaves requests out. */
  readonly isPartial?: boolean;
}

const Totals = z.record(z.string(), z.number());
/** The answers that came whole, as events that have nothing but their usage. */
const Answers = z.array(z.object({ lane: Lane, dealt: Totals, events: z.array(z.string()) }));
const Run = z.object({
  version: z.string(),
  dialect: z.enum(DIALECT_NAMES),
  answers: Answers,
});
type Run = z.infer<typeof Run>;

/** Session logs and printed results, by run. */
const Lines = z.record(z.string(), z.object({ files: z.record(z.string(), z.array(z.unknown())) }));
type Files = z.infer<typeof Lines>[string]["files"];

/** The sources of session logs, by the first word of a run's name. */
const SESSIONS: Readonly<Record<string, UsageSource>> = {
  claude: claudeSession,
  codex: codexRollout,
  gemini: geminiSession,
  opencode: opencodeSession,
  pi: piSession,
  qwen: qwenSession,
};

/** Drivers whose own report is recorded, by the first word of a run's name. */
const REPORTED: readonly string[] = ["gemini", "opencode", "pi", "qwen"];

/** Every recorded run with its sources, in the order of the record. */
export async function recordedRuns(): Promise<readonly RecordedRun[]> {
  const runs = z.record(z.string(), Run).parse(readJson(".ci/reference/recorded-runs.json"));
  const logs = recordedLogs();
  const found = Object.entries(runs)
    .filter(([, { answers }]) => answers.length > 0)
    .map(async ([name, run]): Promise<RecordedRun> => {
      const log = SESSIONS[name.split("-")[0] ?? ""] ?? claudeSession;
      const read = (source: UsageSource, from: z.infer<typeof Lines>) =>
        from[name] === undefined ? [] : [readLog(source, from[name].files)];
      return {
        name,
        version: run.version,
        dealt: byLane(run, ({ dealt }) => usageOf(dealt)),
        sources: [
          {
            source: "proxy",
            lanes: byLane(run, ({ events }) => readAnswer(run.dialect, events).usage ?? NO_USAGE),
            dollars: priceOf(run),
          },
          ...read(log, logs.sessions),
          ...read(claudeResult, logs.results),
          ...read(codexExec, logs.exec),
          ...(await ownReport(name)),
        ],
      };
    });
  return [...(await Promise.all(found)), ...telemetryRuns(runs)];
}

export function recordedLogs() {
  return z
    .object({ sessions: Lines, results: Lines, exec: Lines })
    .parse(readJson("ledger/sources/test-support/recorded-usage.json"));
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(path.join(packageFolder(), file), "utf8"));
}

/** These runs were recorded apart from the others, and their answers were not kept. */
function telemetryRuns(runs: Readonly<Record<string, Run>>): readonly RecordedRun[] {
  return recordedTelemetry().map(({ name, lines, totals }) => {
    const tally = new TelemetryTally();
    for (const line of lines) tally.take(line);
    const sent = tally.read() ?? NO_USAGE;
    return {
      name,
      version: runs[name]?.version ?? "",
      dealt: new Map([["all", usageOf(totals)]]),
      sources: [{ source: otlp.name, lanes: new Map([["all", sent]]) }],
    };
  });
}

function byLane({ answers }: Run, usageIn: (answer: Run["answers"][number]) => Usage): LaneUsage {
  const lanes = Map.groupBy(answers, ({ lane }) => lane);
  return new Map([...lanes].map(([lane, own]) => [lane, sumUsage(own.map(usageIn))]));
}

function usageOf({ input, requests = 0, ...classes }: z.infer<typeof Totals>): Usage {
  return { ...(input === undefined ? {} : { input_uncached: input }), ...classes, requests };
}

/** What the client says at its end. */
async function ownReport(name: string): Promise<readonly RecordedSource[]> {
  const driver = REPORTED.find((one) => name.startsWith(one));
  if (driver === undefined) return [];
  const capture = path.join(packageFolder(), `runner/agents/drivers/recorded/${name}.jsonl`);
  const read = await driverNamed(driver).readReport?.({ capture, home: packageFolder() });
  const report = read?.value ?? {};
  if (report.usage === undefined) throw new Error(`${capture} has no report.`);
  const lane: Lane = report.isMainOnly === true ? "main" : "all";
  const { isPartial = false } = report;
  const { costUsd: dollars } = report;
  return [{ source: driver, lanes: new Map([[lane, report.usage]]), dollars, isPartial }];
}

interface Counted {
  readonly lane: Lane;
  readonly usage: Usage;
  readonly dollars: number | undefined;
}

/** What a source says, each event once with its largest output, and of each count the last. */
function readLog(source: UsageSource, files: Files): SourceLanes {
  const counted = new Map<string, Counted>();
  for (const reading of Object.entries(files).flatMap(([file, lines]) =>
    readLines(source, file, lines),
  )) {
    if (reading.kind === "total") {
      const { key, event, total, cost_usd: dollars } = reading;
      counted.set(key, { lane: event.lane, usage: total, dollars });
    } else if (reading.kind === "event") {
      const { id, lane, usage, cost_usd: dollars } = reading.event;
      if ((usage.output ?? 0) > (counted.get(id)?.usage.output ?? -1))
        counted.set(id, { lane, usage, dollars });
    }
  }
  const lanes = Map.groupBy(counted.values(), ({ lane }) => lane);
  const dollars = [...counted.values()].flatMap((one) => one.dollars ?? []);
  return {
    source: source.name,
    dollars: dollars.length === 0 ? undefined : dollars.reduce((sum, one) => sum + one),
    lanes: new Map(
      [...lanes].map(([lane, all]) => [lane, sumUsage(all.map(({ usage }) => usage))]),
    ),
  };
}

function readLines(
  source: UsageSource,
  file: string,
  lines: readonly unknown[],
): readonly UsageReading[] {
  const reader = source.open({
    file,
    readAt: "2026-11-21T06:00:00.000Z",
    provider: "any",
    timeZone: "UTC",
  });
  const texts = lines.map((line) => JSON.stringify(line));
  return [...texts.flatMap((text, index) => reader.line(text, index + 1)), ...reader.end()];
}

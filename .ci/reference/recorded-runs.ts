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
import { anthropicMessages } from "../../runner/gateway/proxy/dialects/anthropic-messages.ts";
import {
  DIALECT_NAMES,
  type Dialect,
  type DialectName,
} from "../../runner/gateway/proxy/dialects/dialect.ts";
import { gemini } from "../../runner/gateway/proxy/dialects/gemini.ts";
import { openaiChat, openaiResponses } from "../../runner/gateway/proxy/dialects/openai.ts";
import { packageFolder } from "../../runner/platform/environment/package-folder.ts";

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

const Lines = z.record(z.string(), z.object({ files: z.record(z.string(), z.array(z.unknown())) }));
type Files = z.infer<typeof Lines>[string]["files"];

const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  "anthropic-messages": anthropicMessages,
  "openai-responses": openaiResponses,
  "openai-chat": openaiChat,
  gemini,
};

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
  const logs = z
    .object({ sessions: Lines, results: Lines, exec: Lines })
    .parse(readJson("ledger/sources/test-support/recorded-usage.json"));
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
          { source: "proxy", lanes: byLane(run, ({ events }) => meter(run.dialect, events)) },
          ...read(log, logs.sessions),
          ...read(claudeResult, logs.results),
          ...read(codexExec, logs.exec),
          ...(await ownReport(name)),
        ],
      };
    });
  return [...(await Promise.all(found)), ...telemetryRuns(runs)];
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

/** What the proxy reads in an answer. */
function meter(dialect: DialectName, events: readonly string[]): Usage {
  const answerMeter = DIALECTS[dialect].newMeter("127.0.0.1");
  for (const data of events) answerMeter.readEvent({ data });
  return answerMeter.reading().usage ?? NO_USAGE;
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
  return [{ source: driver, lanes: new Map([[lane, report.usage]]), isPartial }];
}

/** What a source says, each event once with its largest output, and of each count the last. */
function readLog(source: UsageSource, files: Files): SourceLanes {
  const counted = new Map<string, { readonly lane: Lane; readonly usage: Usage }>();
  for (const reading of Object.entries(files).flatMap(([file, lines]) =>
    readLines(source, file, lines),
  )) {
    if (reading.kind === "total") {
      counted.set(reading.key, { lane: reading.event.lane, usage: reading.total });
    } else if (reading.kind === "event") {
      const { id, lane, usage } = reading.event;
      if ((usage.output ?? 0) > (counted.get(id)?.usage.output ?? -1))
        counted.set(id, { lane, usage });
    }
  }
  const lanes = Map.groupBy(counted.values(), ({ lane }) => lane);
  return {
    source: source.name,
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

import { parseJson } from "../../domain/parse-json.ts";
import { problem, type UsageReading, type UsageSource } from "../usage-source.ts";
import { readClaudeEvent, readClaudePoint } from "./claude.ts";
import { readCodexEvent } from "./codex.ts";
import { type OtlpEvent, readExport } from "./read-export.ts";

/**
 * What Claude Code and Codex send by OpenTelemetry: each line is a request of OTLP in its JSON form, as the file
 * exporter of a collector writes it. Claude Code describes the same tokens twice, by an event for each request and
 * by counters of its session. Readings of counters say so.
 */
export const otlp: UsageSource = {
  name: "otlp",
  version: "3",
  provider: "claude",
  names: ["*.json", "*.jsonl"],
  marks: ["claude_code", "api_request", "codex.sse_event"],
  open: () => ({
    line: readLine,
    end: () => [],
  }),
};

function readLine(text: string, number: number): readonly UsageReading[] {
  const value = parseJson(text);
  if (value === undefined) return [problem(number, "not-json", "Expected a line of JSON.")];
  const sent = readExport(value);
  if (sent === undefined) {
    return [problem(number, "not-otlp", "Expected resourceLogs or resourceMetrics.")];
  }
  return [
    ...sent.events.flatMap((event) => READERS.get(event.name)?.(event, number) ?? []),
    ...sent.points.flatMap((point) => readClaudePoint(point, number)),
  ];
}

type ReadEvent = (event: OtlpEvent, line: number) => readonly UsageReading[];

const READERS: ReadonlyMap<string, ReadEvent> = new Map([
  ["api_request", readClaudeEvent],
  ["claude_code.api_request", readClaudeEvent],
  ["codex.sse_event", readCodexEvent],
]);

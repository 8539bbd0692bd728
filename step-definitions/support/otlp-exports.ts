import { epochMsOf } from "../../ledger/domain/timestamp.ts";

const AT = "2025-10-19T10:30:00.000Z";
const SESSION = "250c3ed8-601e-4a2e-ae9d-1c3242371e10";
const SECOND_MS = 1000;

/** A request of OTLP, and where it goes. */
export interface SentExport {
  readonly path: "/v1/logs" | "/v1/metrics";
  readonly value: Readonly<Record<string, unknown>>;
}

/** Exports from short words, e.g. `request r1 100 50`: a request with 100 tokens of input and 50 of output. */
export function exportsOf(said: string): readonly SentExport[] {
  return said.split(";").map((part) => {
    const [kind = "", ...words] = part.trim().split(" ");
    const make = EXPORTS[kind];
    if (make === undefined) throw new Error(`Expected an export, got ${JSON.stringify(part)}.`);
    return make(words);
  });
}

type Words = readonly (string | undefined)[];

const EXPORTS: Readonly<Record<string, (words: Words) => SentExport>> = {
  request: (words) => claudeRequest(words, "sdk"),
  subagent: (words) => claudeRequest(words, "agent:builtin:general-purpose"),
  growth: ([nth, ...words]) =>
    counters(words, { temporality: 1, start: Number(nth) - 1, time: Number(nth) }),
  total: ([nth, ...words]) => counters(words, { temporality: 2, start: 0, time: Number(nth) }),
  restarted: ([nth, ...words]) =>
    counters(words, { temporality: 2, start: Number(nth) - 1, time: Number(nth) }),
  unstarted: ([nth, ...words]) => counters(words, { temporality: 2, time: Number(nth) }),
  vague: ([nth, ...words]) => counters(words, { temporality: 0, start: 0, time: Number(nth) }),
  nothing: () => ({ path: "/v1/metrics", value: {} }),
  codex,
};

function claudeRequest([id, input, output]: Words, source: string): SentExport {
  return logs({
    timeUnixNano: nanoseconds(0),
    body: { stringValue: "claude_code.api_request" },
    attributes: attributes({
      "session.id": SESSION,
      "event.name": "api_request",
      "event.timestamp": AT,
      model: "claude-sonnet-4-5",
      input_tokens: Number(input),
      output_tokens: Number(output),
      request_id: id ?? "",
      query_source: source,
    }),
  });
}

/** The stream's last event comes twice, as Codex sends it: once without tokens. */
function codex([input, output, , cached = "0"]: Words): SentExport {
  const told = {
    "event.name": "codex.sse_event",
    "event.kind": "response.completed",
    "event.timestamp": AT,
    "conversation.id": "01a208c1-b455-7500-a549-716eda8e0376",
    model: "gpt-5.5",
  };
  const tokens = {
    input_token_count: input ?? "",
    output_token_count: output ?? "",
    cached_token_count: Number(cached),
  };
  return logs(
    ...[told, { ...told, ...tokens }].map((each) => ({
      timeUnixNano: "0",
      observedTimeUnixNano: nanoseconds(0),
      attributes: attributes(each),
    })),
  );
}

interface Span {
  /** 1 is delta, 2 is cumulative, 0 is unspecified. */
  readonly temporality: 0 | 1 | 2;
  readonly start?: number;
  readonly time: number;
}

function counters([input, output]: Words, { temporality, start, time }: Span): SentExport {
  const dataPoints = [
    ["input", input],
    ["output", output],
  ].map(([type = "", tokens]) => ({
    attributes: attributes({ "session.id": SESSION, model: "claude-sonnet-4-5", type }),
    ...(start === undefined ? {} : { startTimeUnixNano: nanoseconds(start) }),
    timeUnixNano: nanoseconds(time),
    asDouble: Number(tokens),
  }));
  const sum = { aggregationTemporality: temporality, isMonotonic: true, dataPoints };
  const metrics = [{ name: "claude_code.token.usage", sum }];
  return { path: "/v1/metrics", value: { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] } };
}

function logs(...logRecords: readonly object[]): SentExport {
  return { path: "/v1/logs", value: { resourceLogs: [{ scopeLogs: [{ logRecords }] }] } };
}

function attributes(values: Readonly<Record<string, number | string>>) {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === "number" ? { intValue: value } : { stringValue: value },
  }));
}

function nanoseconds(seconds: number): string {
  return `${String(epochMsOf(AT) + seconds * SECOND_MS)}000000`;
}

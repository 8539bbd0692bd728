import { describe, expect, it } from "vitest";

import type { UsageReading } from "../usage-source.ts";
import { otlp } from "./parse.ts";

const CONTEXT = {
  file: "f",
  readAt: "2026-01-01T10:00:00.000Z",
  provider: "claude",
};
const START = "1795443239000000000";
const TIME = "1795443240000000000";

type Values = Readonly<Record<string, boolean | number | string | object>>;

function read(value: unknown): readonly UsageReading[] {
  return otlp.open(CONTEXT).line(JSON.stringify(value), 1);
}

function attributes(values: Values) {
  return Object.entries(values).map(([key, value]) => ({ key, value: valueOf(value) }));
}

function valueOf(value: Values[string]): object {
  if (typeof value === "number") return { intValue: value };
  if (typeof value === "string") return { stringValue: value };
  return typeof value === "boolean" ? { boolValue: value } : value;
}

function log(values: Values, record: object = {}) {
  const logRecords = [{ ...record, attributes: attributes(values) }];
  return { resourceLogs: [{ resource: {}, scopeLogs: [{ logRecords }] }] };
}

function metric(name: string, points: object) {
  return { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name, sum: points }] }] }] };
}

const TOKENS = "claude_code.token.usage";
const SERIES = { "session.id": "s", model: "m", type: "output", query_source: "main" };

function point(values: Values, more: object = {}) {
  const times = { startTimeUnixNano: START, timeUnixNano: TIME };
  return { attributes: attributes(values), ...times, asDouble: 5, ...more };
}

function sum(temporality: number | string, ...dataPoints: readonly object[]) {
  return { aggregationTemporality: temporality, isMonotonic: true, dataPoints };
}

const REQUEST = {
  "event.name": "api_request",
  "session.id": "s",
  model: "m",
  input_tokens: 7,
  output_tokens: "579",
  cache_read_tokens: 12_300,
  cache_creation_tokens: 90,
  cache_creation_5m_tokens: 60,
  cache_creation_1h_tokens: 30,
  cost_usd: { doubleValue: 0.0145 },
  request_id: "r1",
};
const CODEX = {
  "event.name": "codex.sse_event",
  "event.timestamp": "2026-11-23T14:14:02.212Z",
  "conversation.id": "c",
  model: "gpt",
  input_token_count: "7007",
  output_token_count: "579",
  cached_token_count: 6861,
  cache_write_token_count: 139,
  reasoning_token_count: 100,
};

function eventsIn(readings: readonly UsageReading[]) {
  return readings.map((reading) => (reading.kind === "event" ? reading.event : reading));
}

describe("a request of Claude Code", () => {
  it("has the tokens of the API, by how long a write is kept", () => {
    const [event] = eventsIn(read(log(REQUEST, { timeUnixNano: TIME })));
    expect(event).toMatchObject({
      at: "2026-11-23T14:14:00.000Z",
      lane: "main",
      model: "m",
      cost_usd: 0.0145,
      usage: {
        input_uncached: 7,
        cache_read: 12_300,
        cache_write_5m: 60,
        cache_write_1h: 30,
        output: 579,
        requests: 1,
      },
    });
  });

  it.each([
    ["sdk", "main"],
    ["repl_main_thread:outputStyle:custom", "main"],
    ["compact", "main"],
    ["agent:builtin:general-purpose", "subagent"],
    ["hook_agent", "subagent"],
  ])("from %s belongs to the lane %s", (source, lane) => {
    const [event] = eventsIn(read(log({ ...REQUEST, query_source: source })));
    expect(event).toMatchObject({ lane });
  });

  it("without a number and an id is known by its tokens", () => {
    const { request_id: _id, ...values } = REQUEST;
    const ids = [values, values, { ...values, output_tokens: 580 }].map((each) => {
      const [event] = eventsIn(read(log(each, { timeUnixNano: TIME })));
      return event !== undefined && "id" in event ? event.id : undefined;
    });
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).not.toBe(ids[2]);
  });

  it("has the same id when it is sent again, and another when it is another one", () => {
    const ids = [REQUEST, REQUEST, { ...REQUEST, request_id: "r2" }].map((each) => {
      const [event] = eventsIn(read(log(each, { timeUnixNano: TIME })));
      return event !== undefined && "id" in event ? event.id : undefined;
    });
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).not.toBe(ids[2]);
  });

  it("without a time has none, instead of 1970", () => {
    const [event] = eventsIn(read(log(REQUEST, { timeUnixNano: "0" })));
    expect(event).toMatchObject({ at: null });
  });

  it.each([
    ["bad-usage", { ...REQUEST, output_tokens: "many" }],
    ["bad-usage", { ...REQUEST, input_tokens: -1 }],
    ["bad-usage", { ...REQUEST, output_tokens: true }],
    ["no-session", { ...REQUEST, "session.id": 7 }],
  ])("is named as %s if it can't be read", (reason, values) => {
    expect(read(log(values))).toMatchObject([{ kind: "problem", reason, line: 1 }]);
  });
});

describe("an answer of Codex", () => {
  it("has cached tokens and writes apart from its input", () => {
    expect(read(log(CODEX))).toMatchObject([
      {
        session: "c",
        provider: "codex",
        event: {
          at: "2026-11-23T14:14:02.212Z",
          lane: "all",
          usage: {
            input_uncached: 7,
            cache_read: 6861,
            cache_write_5m: 139,
            output: 579,
            reasoning: 100,
            requests: 1,
          },
        },
      },
    ]);
  });

  it("is not counted for events of the stream without tokens", () => {
    expect(read(log({ "event.name": "codex.sse_event", "conversation.id": "c" }))).toEqual([]);
  });

  it.each([
    ["bad-usage", { ...CODEX, input_token_count: "1e3" }],
    ["bad-usage", { "event.name": "codex.sse_event", cached_token_count: 1 }],
    ["no-session", { ...CODEX, "conversation.id": false }],
  ])("is named as %s if it can't be read", (reason, values) => {
    expect(read(log(values))).toMatchObject([{ kind: "problem", reason }]);
  });
});

describe("a model of GLM", () => {
  it("belongs by its requests to glm, whose prices Claude Code does not know", () => {
    const [reading] = read(log({ ...REQUEST, model: "glm-4.6" }));
    expect(reading).toMatchObject({ provider: "glm", event: { usage: { output: 579 } } });
    expect(reading).not.toHaveProperty("event.cost_usd");
  });

  it("belongs by its counters to glm, whose costs count as nothing", () => {
    const glm = { ...SERIES, model: "glm-4.6" };
    expect(read(metric(TOKENS, sum(1, point(glm))))).toMatchObject([{ provider: "glm" }]);
    expect(read(metric("claude_code.cost.usage", sum(1, point(glm))))).toEqual([]);
  });
});

describe("a counter of Claude Code", () => {
  it.each([1, "AGGREGATION_TEMPORALITY_DELTA"])("with growth (%s) counts each point", (delta) => {
    // Some exporters leave the start as it was.
    const later = point(SERIES, { timeUnixNano: `${TIME.slice(0, -1)}9` });
    const readings = read(metric(TOKENS, sum(delta, point(SERIES), later)));
    expect(readings).toMatchObject([
      { kind: "event", event: { from_counter: true, usage: { output: 5, requests: 0 } } },
      { kind: "event", event: { from_counter: true, usage: { output: 5, requests: 0 } } },
    ]);
    const ids = eventsIn(readings).map((event) => "id" in event && event.id);
    expect(new Set(ids).size).toBe(2);
  });

  it.each([2, "AGGREGATION_TEMPORALITY_CUMULATIVE"])("with totals (%s) has one key", (total) => {
    const reversed = { ...point(SERIES), attributes: attributes(SERIES).toReversed() };
    const keys = [point(SERIES), reversed].map((each) => {
      const [reading] = read(metric(TOKENS, sum(total, each)));
      expect(reading).toMatchObject({ kind: "total", first: "counts", onlyGrows: true });
      return reading?.kind === "total" ? reading.key : undefined;
    });
    expect(keys[0]).toBe(keys[1]);
  });

  it("is a new series at another start, and has another key for each class and lane", () => {
    const points = [
      point(SERIES),
      point(SERIES, { startTimeUnixNano: TIME }),
      point({ ...SERIES, type: "input" }),
      point({ ...SERIES, query_source: "subagent" }),
    ];
    const readings = read(metric(TOKENS, sum(2, ...points)));
    const keys = readings.map((reading) => reading.kind === "total" && reading.key);
    expect(new Set(keys).size).toBe(points.length);
  });

  it("without a start is a baseline, because nobody knows what it holds", () => {
    const [reading] = read(metric(TOKENS, sum(2, point(SERIES, { startTimeUnixNano: "0" }))));
    expect(reading).toMatchObject({ kind: "total", first: "baseline" });
    expect(reading).not.toHaveProperty("onlyGrows");
  });

  it("of costs has the cost and no tokens", () => {
    const cost = point({ "session.id": "s", model: "m" }, { asDouble: 0.25 });
    expect(read(metric("claude_code.cost.usage", sum(1, cost)))).toMatchObject([
      { event: { usage: { requests: 0 }, cost_usd: 0.25, from_counter: true } },
    ]);
    expect(read(metric("claude_code.cost.usage", sum(2, cost)))).toMatchObject([
      { kind: "total", total: { requests: 0 }, cost_usd: 0.25 },
    ]);
  });
});

describe("a counter of Claude Code that does not count", () => {
  it.each([
    ["bad-usage", point({ ...SERIES, type: "thoughts" })],
    ["bad-usage", point(SERIES, { asDouble: 0.5 })],
    ["bad-usage", point(SERIES, { asDouble: undefined })],
    ["bad-usage", point(SERIES, { asDouble: -5 })],
    ["no-session", point({ type: "output" })],
  ])("is named as %s if it can't be read", (reason, each) => {
    expect(read(metric(TOKENS, sum(1, each)))).toMatchObject([{ kind: "problem", reason }]);
  });

  it("of something else is no usage", () => {
    expect(read(metric("claude_code.session.count", sum(1, point(SERIES))))).toEqual([]);
    expect(read(metric("claude_code.session.count", sum(0, point(SERIES))))).toEqual([]);
  });

  it.each([0, "AGGREGATION_TEMPORALITY_UNSPECIFIED", undefined])(
    "that is neither growth nor a total (%s) is named",
    (temporality) => {
      const points = { ...sum(0, point(SERIES)), aggregationTemporality: temporality };
      const found = [{ kind: "problem", reason: "no-temporality" }];
      expect(read(metric(TOKENS, points))).toMatchObject(found);
    },
  );
});

describe("a line", () => {
  it("that is no export is named", () => {
    expect(read({ usage: 1 })).toMatchObject([{ reason: "not-otlp" }]);
    expect(otlp.open(CONTEXT).line("{", 3)).toMatchObject([{ reason: "not-json", line: 3 }]);
  });

  it("with traces says nothing", () => {
    expect(read({ resourceSpans: [] })).toEqual([]);
  });

  it("with values nested as deep as they come is read", () => {
    const depth = 50_000;
    const deep = `${'{"arrayValue":{"values":['.repeat(depth)}${"]}}".repeat(depth)}`;
    const said = JSON.stringify(log({ ...REQUEST, deep: { x: 0 } })).replace('{"x":0}', deep);
    expect(otlp.open(CONTEXT).line(said, 1)).toMatchObject([{ kind: "event" }]);
  });
});

import { describe, expect, it } from "vitest";

import { recordedTelemetry } from "../../../ledger/sources/otlp/test-support/recorded-telemetry.ts";
import { TelemetryTally } from "./telemetry-tally.ts";

const [DELTA, TOTAL] = [1, 2];

interface Point {
  readonly temporality: number | undefined;
  readonly start: number;
  readonly time: number;
  readonly tokens: number;
}

function counter({ temporality, start, time, tokens }: Point): string {
  const dataPoints = [
    {
      attributes: attributes({ "session.id": "s", type: "output" }),
      startTimeUnixNano: `${String(start)}000000`,
      timeUnixNano: `${String(time)}000000`,
      asInt: String(tokens),
    },
  ];
  const sum = { aggregationTemporality: temporality, dataPoints };
  const metrics = [{ name: "claude_code.token.usage", sum }];
  return JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] });
}

function request(id: string, tokens: number, session = "s"): string {
  const values = { "session.id": session, request_id: id, output_tokens: String(tokens) };
  const said = { ...values, "event.name": "api_request", input_tokens: "0" };
  const logRecords = [{ body: { stringValue: "claude_code" }, attributes: attributes(said) }];
  return JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
}

function attributes(values: Readonly<Record<string, string>>) {
  return Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }));
}

const growth = (start: number, tokens: number) =>
  counter({ temporality: DELTA, start, time: start + 1, tokens });
const total = (time: number, tokens: number, start = 1) =>
  counter({ temporality: TOTAL, start, time, tokens });

describe("what an agent sends", () => {
  it.each([
    ["requests", [request("a", 5), request("b", 7)], 12],
    ["a request twice", [request("a", 5), request("a", 5)], 5],
    ["growth", [growth(1, 5), growth(2, 7)], 12],
    ["growth twice", [growth(1, 5), growth(1, 5)], 5],
    ["totals", [total(2, 5), total(3, 12)], 12],
    ["an older total after a newer one", [total(3, 12), total(2, 5)], 12],
    ["a total that starts again", [total(2, 5), total(4, 3, 3)], 8],
    ["requests and counters of a session", [growth(1, 5), total(2, 5), request("a", 5)], 5],
    ["requests of another session", [growth(1, 5), request("a", 7, "other")], 12],
  ])("as %s counts once", (_what, lines, output) => {
    const tally = new TelemetryTally();
    for (const line of lines) tally.take(line);
    expect(tally.read()?.output).toBe(output);
  });

  it("is only counted when it is more than a window has", () => {
    const tally = new TelemetryTally(2);
    for (let nth = 0; nth < 1000; nth += 1) tally.take(request(String(nth), 5));
    expect(tally.read()?.output).toBe(10);
    expect(tally.leftOut()).toBe(998);
  });

  it.each(["", "{", '{"resourceLogs":[]}', '"claude_code"', request("a", -1)])(
    "counts nothing if it is %j",
    (line) => {
      const tally = new TelemetryTally();
      tally.take(line);
      expect(tally.read()).toBeNull();
    },
  );
});

it.each(recordedTelemetry())("$name has the tokens that the model server sent", (recorded) => {
  const tally = new TelemetryTally();
  for (const line of [...recorded.lines, ...recorded.lines]) tally.take(line);
  const { input, ...classes } = recorded.totals;
  expect(tally.read()).toMatchObject({ input_uncached: input, ...withoutZeros(classes) });
});

/** Counters of cache writes do not say how long they are kept. */
function withoutZeros(totals: Readonly<Record<string, number>>) {
  return Object.fromEntries(Object.entries(totals).filter(([, tokens]) => tokens !== 0));
}

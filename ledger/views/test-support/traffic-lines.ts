import {
  type Arbitrary,
  boolean,
  constant,
  constantFrom,
  double,
  integer,
  oneof,
  option,
  record,
  string,
  tuple,
} from "fast-check";

import { TokenBasis } from "../../domain/token-basis.ts";
import { sealLine } from "../../store/row-line.ts";
import { debited, requested, reserved } from "./sample-rows.ts";

export const CELL = { window: "W0-01", provider: "base", feature_id: "cache", period: 1 };

/** A line as the store writes it. */
export function lineOf(payload: object, envelope: object = {}): string {
  const stamp = {
    _v: 1,
    seq: 7,
    prev: "p".repeat(43),
    id: "01a1fdc6-65e3-7030-b15b-1e024be19032",
    record: "",
    schema_version: "1.0",
    tool_version: "0.1.0",
    source: "automation",
    agent_id: "harness",
    recorded_at: "2026-11-21T11:03:20.294Z",
  };
  return sealLine(JSON.stringify({ ...stamp, ...payload, ...envelope }).slice(0, -1)).line;
}

interface Values {
  readonly tokens: Arbitrary<number>;
  readonly ms: Arbitrary<number>;
  readonly usd: Arbitrary<number>;
  readonly text: Arbitrary<string>;
}

/** Values, some of them written in a way that only the schema reads. */
const WILD: Values = {
  tokens: integer({ min: 0, max: 4_000_000_000 }),
  ms: oneof(integer({ min: 0, max: 1e6 }), double({ min: 0, max: 1e6, noNaN: true })),
  usd: double({ min: 0, max: 10, noNaN: true }),
  text: oneof(string(), string({ unit: "binary" })),
};

/** Values as almost all rows have them. */
const PLAIN: Values = {
  tokens: integer({ min: 0, max: 999_999_999 }),
  ms: integer({ min: 0, max: 1e6 }).map((eighths) => eighths / 8),
  usd: integer({ min: 0, max: 1e6 }).map((sixteenths) => sixteenths / 16),
  text: constantFrom("", "gpt-5", "room bookings", "a/b.c-d_e"),
};

/** The content of requests, reservations and debits, the mass of a ledger. */
export const payload = oneof(...[WILD, PLAIN].flatMap(payloadsOf));

function payloadsOf(values: Values) {
  return [requestOf(values), reservationOf(values), debitOf(values)];
}

function usageOf({ tokens }: Values) {
  const counts = {
    input_uncached: tokens,
    cache_read: tokens,
    cache_write_5m: tokens,
    cache_write_1h: tokens,
    output: tokens,
    reasoning: tokens,
    web_searches: tokens,
    requests: tokens,
  };
  return record(counts, { requiredKeys: ["requests"] });
}

function requestOf(values: Values): Arbitrary<object> {
  const { ms, usd, text } = values;
  return record({
    latency_ms: option(ms),
    status: option(constantFrom(0, 200, 402, 529)),
    usage: option(usageOf(values)),
    refused_by: option(text),
    error: option(text),
    cost_usd: option(usd),
    is_client_gone: boolean(),
    is_stream_cut: boolean(),
    kind: constantFrom("model", "count_tokens", "other"),
    backend_provider: option(text),
    subagent_id: option(text),
    model: option(text),
    request_count: option(integer({ min: 1, max: 999_999_999 }), { nil: undefined }),
  }).map((changes) => requested(CELL, changes));
}

function reservationOf({ text, tokens, usd }: Values): Arbitrary<object> {
  return tuple(text, tokens, option(usd, { nil: undefined })).map(([name, count, dollars]) => ({
    ...reserved(CELL, name, count),
    usd: dollars,
  }));
}

/** With its fields in the order of the writer (runner/gateway/budgets/budget-rows.ts). */
function debitOf(values: Values): Arbitrary<object> {
  const { text, tokens, usd } = values;
  const absent = { nil: undefined };
  return record({
    basis: constantFrom(...TokenBasis.options),
    role: option(text, absent),
    delta: tokens,
    delta_usd: option(usd, absent),
    is_final: boolean(),
    is_usd_estimated: option(constant(true), absent),
    model: option(text, absent),
    usage: option(usageOf(values), absent),
  }).map(({ basis, role, delta, delta_usd, is_final, is_usd_estimated, model, usage }) => {
    const written = Object.entries({ ...debited(CELL, "r1", delta), basis });
    const key = written.slice(
      0,
      written.findIndex(([name]) => name === "delta"),
    );
    const inDollars = { delta_usd, total_usd: delta_usd, overshoot_usd: delta_usd };
    const amounts = { role, delta, total: delta, overshoot: 0, ...inDollars };
    const ending = { is_final, is_usd_estimated, model, usage };
    return { ...Object.fromEntries(key), record: "budget_debited", ...amounts, ...ending };
  });
}

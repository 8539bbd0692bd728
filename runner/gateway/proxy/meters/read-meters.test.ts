import { expect, test } from "vitest";

import { Meter } from "../../../../ledger/domain/meter.ts";
import { epochMsOf } from "../../../../ledger/domain/timestamp.ts";
import { readLimitReset, readMeters } from "./read-meters.ts";

const NOW = epochMsOf("2026-11-21T10:00:00.000Z");
const AS_OF = "2026-11-21T10:00:00.000Z";
const IN_AN_HOUR_S = NOW / 1000 + 3600;

function read(headers: Readonly<Record<string, string>>) {
  const meters = readMeters(Object.entries(headers).flat(), NOW);
  for (const meter of meters) Meter.parse(meter);
  return meters;
}

test("a Claude plan's shares become percentages of its five hours and its week", () => {
  const meters = read({
    "anthropic-ratelimit-unified-status": "allowed",
    "Anthropic-Ratelimit-Unified-5h-Utilization": "0.4237",
    "anthropic-ratelimit-unified-5h-reset": String(IN_AN_HOUR_S),
    "anthropic-ratelimit-unified-7d-utilization": "0.07",
    "anthropic-ratelimit-unified-7d-reset": String(IN_AN_HOUR_S),
    "anthropic-ratelimit-unified-7d_opus-utilization": "1.02",
  });
  const whole = { unit: "percent", limit: 100, as_of: AS_OF };
  const resets_at = "2026-11-21T11:00:00.000Z";
  expect(meters).toEqual([
    { name: "5h", limit_window_minutes: 300, used: 42.37, resets_at, ...whole },
    { name: "weekly", limit_window_minutes: 10_080, used: 7, resets_at, ...whole },
    { name: "weekly opus", limit_window_minutes: 10_080, used: 102, resets_at: null, ...whole },
  ]);
});

test.each([
  [{ "x-codex-primary-reset-after-seconds": "3600" }, "2026-11-21T11:00:00.000Z"],
  [{ "x-codex-primary-reset-at": String(IN_AN_HOUR_S) }, "2026-11-21T11:00:00.000Z"],
  [{}, null],
])("a Codex plan's percentage with %j", (reset, resets_at) => {
  const said = { "x-codex-primary-used-percent": "12.5", "x-codex-primary-window-minutes": "300" };
  expect(read({ ...said, ...reset })).toMatchObject([{ name: "5h", used: 12.5, resets_at }]);
});

test("both limits of a Codex plan are read", () => {
  const meters = read({
    "x-codex-primary-used-percent": "1",
    "x-codex-primary-window-minutes": "300",
    "x-codex-secondary-used-percent": "9",
    "x-codex-secondary-window-minutes": "10080",
  });
  expect(meters.map(({ name, used }) => [name, used])).toEqual([
    ["5h", 1],
    ["weekly", 9],
  ]);
});

test.each([
  ["6m0s", "2026-11-21T10:06:00.000Z"],
  ["1s", "2026-11-21T10:00:01.000Z"],
  ["20ms", "2026-11-21T10:00:00.020Z"],
  ["60", "2026-11-21T10:01:00.000Z"],
  ["soon", null],
])("an API's limit that resets in %s", (reset, resets_at) => {
  const meters = read({
    "x-ratelimit-limit-tokens": "150000",
    "x-ratelimit-remaining-tokens": "149984",
    "x-ratelimit-reset-tokens": reset,
  });
  expect(meters).toMatchObject([{ name: "api tokens", unit: "tokens", used: 16, resets_at }]);
});

test.each([
  { "content-type": "application/json" },
  { "anthropic-ratelimit-unified-5h-utilization": "NaN" },
  { "anthropic-ratelimit-unified-5h-utilization": "-1" },
  { "anthropic-ratelimit-unified-0h-utilization": "0.5" },
  { "x-codex-primary-used-percent": "10" },
  { "x-codex-primary-used-percent": "10", "x-codex-primary-window-minutes": "1.5" },
  { "x-ratelimit-limit-tokens": "10", "x-ratelimit-remaining-tokens": "11" },
  { "x-ratelimit-limit-tokens": "10" },
])("%j tells no meter", (headers) => {
  expect(read(headers)).toEqual([]);
});

test("a reset in the far future is not known", () => {
  const said = { "anthropic-ratelimit-unified-5h-utilization": "0.5" };
  const [meter] = read({ ...said, "anthropic-ratelimit-unified-5h-reset": "99999999999999" });
  expect(meter?.resets_at).toBeNull();
});

test.each<readonly [Readonly<Record<string, string>>, string | null]>([
  [{ "retry-after": "90" }, "2026-11-21T10:01:30.000Z"],
  [{ "Retry-After": "0.5" }, "2026-11-21T10:00:00.500Z"],
  [
    {
      "anthropic-ratelimit-unified-5h-utilization": "1",
      "anthropic-ratelimit-unified-5h-reset": String(IN_AN_HOUR_S),
      "retry-after": "90",
    },
    "2026-11-21T11:00:00.000Z",
  ],
  [
    {
      "anthropic-ratelimit-unified-5h-utilization": "0.99",
      "anthropic-ratelimit-unified-5h-reset": String(IN_AN_HOUR_S),
    },
    null,
  ],
  [
    {
      "anthropic-ratelimit-unified-5h-utilization": "1",
      "anthropic-ratelimit-unified-5h-reset": String(IN_AN_HOUR_S - 7200),
    },
    null,
  ],
  [{ "retry-after": "Sat, 21 Nov 2026 10:05:00 GMT" }, "2026-11-21T10:05:00.000Z"],
  [{ "retry-after": "Sat, 21 Nov 2026 09:05:00 GMT" }, null],
  [{ "retry-after": "Sat, 21 Nov 2029 10:05:00 GMT" }, null],
  [{ "retry-after": "Sat, 99 Nov 2026 10:05:00 GMT" }, null],
  [{ "retry-after": "soon" }, null],
  [{ "retry-after": "-1" }, null],
  [{ "retry-after": "999999999" }, null],
  [{}, null],
])("an answer that a limit is reached, with %j, names the reset", (headers, reset) => {
  const resetMs = readLimitReset(Object.entries(headers).flat(), NOW);
  expect(resetMs).toBe(reset === null ? null : epochMsOf(reset));
});

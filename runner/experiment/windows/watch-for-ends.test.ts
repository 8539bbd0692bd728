import { expect, test } from "vitest";

import { proxiedRequest } from "../../../ledger/domain/test-support/proxied-request.ts";
import { TrafficTally } from "../../gateway/traffic/attempt-traffic.ts";
import { isHopeless } from "./watch-for-ends.ts";

const NOW_MS = 1_800_000_000_000;
const HOUR_MS = 3_600_000;

interface Refusals {
  readonly statuses: readonly number[];
  readonly afterS: number;
  readonly resetsInMs?: number;
  /** The code in each answer. */
  readonly error?: string;
}

/** Whether an attempt is in vain some seconds after its answers, which came a second apart. */
function inVain({ statuses, afterS, resetsInMs, error }: Refusals): boolean {
  const tally = new TrafficTally(0, { model: "own" });
  for (const [index, status] of statuses.entries()) {
    const asked = { backend_provider: "own", requested_model: "own" };
    tally.add(proxiedRequest({ status, error: error ?? null, ...asked }), index * 1000);
  }
  const monotonicMs = () => (statuses.length - 1 + afterS) * 1000;
  return isHopeless(tally, () => (resetsInMs === undefined ? null : NOW_MS + resetsInMs), {
    nowMs: () => NOW_MS,
    monotonicMs,
  });
}

test.each([
  ["nothing was refused", { statuses: [200, 500], afterS: 100 }, false],
  ["a key was refused just now", { statuses: [401], afterS: 2 }, false],
  ["a key was refused and the client continues", { statuses: [401, 401], afterS: 2 }, true],
  [
    "a key is refused after answers, which is the agent's own trouble",
    { statuses: [200, 403], afterS: 100 },
    false,
  ],
  ["a model is unknown", { statuses: [404], afterS: 3, error: "model_not_found" }, true],
  ["a model is unknown just now", { statuses: [404], afterS: 2, error: "model_not_found" }, false],
  ["a limit was reached", { statuses: [200, 429], afterS: 59 }, false],
  ["a limit stays reached for a minute", { statuses: [200, 429, 429], afterS: 59 }, true],
  ["an answer ends a limit", { statuses: [429, 429, 200], afterS: 100 }, false],
  ["a limit resets in hours", { statuses: [200, 429], afterS: 3, resetsInMs: HOUR_MS }, true],
  [
    "a limit resets in hours, and was reached just now",
    { statuses: [200, 429], afterS: 2, resetsInMs: HOUR_MS },
    false,
  ],
  ["a limit resets soon", { statuses: [200, 429], afterS: 30, resetsInMs: 30_000 }, false],
])("%s", (_, refusals, expected) => {
  expect(inVain(refusals)).toBe(expected);
});

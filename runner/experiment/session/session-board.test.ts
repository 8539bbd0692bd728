import { expect, test } from "vitest";

import type { Outcome } from "../../../ledger/domain/outcome.ts";
import { manualClock } from "../../../ledger/store/test-support/manual-clock.ts";
import type { Plan } from "../../plan/assignment/plan.ts";
import { keepBoard } from "./session-board.ts";

const TASK = { featureId: "cache", replicate: 1 };

function planned(period: number, provider: string) {
  const window = `W0-0${String(period)}`;
  return { ...TASK, window, provider, period, command: "/implement cache" };
}

const [ONE, TWO, THREE] = [planned(1, "two"), planned(2, "one"), planned(3, "three")] as const;
const PLAN: Plan = {
  experimentId: "0123456789ab",
  registration: { name: "n", seed: "1", baseline: "one", scripted: true },
  sha256: "0".repeat(64),
  sets: [
    { ...TASK, stratum: "s", block: 1, sequence: "BAC", windows: [ONE, TWO] },
    { ...TASK, stratum: "s", block: 1, sequence: "C", windows: [THREE] },
  ],
};

/** A board that is kept from the first millisecond on. */
function boardWith(...finalBefore: readonly string[]) {
  const outcomes = new Map<string, Outcome>(finalBefore.map((window) => [window, "pass"]));
  const clock = manualClock();
  const board = keepBoard(PLAN, (window) => outcomes.get(window), clock);
  return { board, outcomes, pass: (ms: number) => clock.advance(ms) };
}

test("a board shows each window of the plan, the running ones and the final ones", () => {
  const { board, outcomes, pass } = boardWith();
  pass(500);
  board.started(ONE, 1);
  board.started(TWO, 2);
  board.phaseBegan(TWO, "working");
  outcomes.set("W0-01", "fail");
  board.ended(ONE);
  expect(board.read()).toMatchObject({
    windowsInAll: 3,
    final: 1,
    running: [{ planned: TWO, attempt: 2, startedMs: 500, phase: "working" }],
    sets: [
      [
        { window: "W0-01", provider: "two", outcome: "fail", isRunning: false },
        { window: "W0-02", provider: "one", outcome: null, isRunning: true },
      ],
      [{ window: "W0-03", provider: "three", outcome: null, isRunning: false }],
    ],
    providers: ["one", "two", "three"],
  });
});

test("what is left takes as long as what ended in this session, without windows from before", () => {
  const { board, outcomes, pass } = boardWith("W0-01");
  expect(board.read().pace.leftMs).toBeNull();
  pass(60_000);
  outcomes.set("W0-02", "pass");
  expect(board.read()).toMatchObject({ final: 2, pace: { leftMs: 60_000 } });
});

test("rates are those of the last ten seconds, of the session if it is younger, and at least of one second", () => {
  const { board, pass } = boardWith();
  board.settled({
    input_uncached: 10,
    cache_write_5m: 5,
    cache_write_1h: 3,
    output: 2,
    requests: 1,
  });
  board.settled(null);
  expect(board.read().pace).toMatchObject({ requestsPerS: 2, tokensPerS: 20 });
  pass(4000);
  board.settled({ input_uncached: 20, cache_read: 1000, requests: 1 });
  expect(board.read().pace).toMatchObject({ requestsPerS: 0.75, tokensPerS: 10 });
  pass(6000);
  expect(board.read().pace).toMatchObject({ requestsPerS: 0.1, tokensPerS: 2 });
});

import { describe, expect, it } from "vitest";

import { epochMsOf } from "../../../ledger/domain/timestamp.ts";
import type { Hours } from "../../plan/assignment/hours.ts";
import type { MatchedSet } from "../../plan/assignment/plan.ts";
import { createSetHours } from "./set-hours.ts";
import { createSetSchedule } from "./set-schedule.ts";

const MINUTE_MS = 60_000;
const PEAK = { zone: "UTC", from: "14:00", to: "18:00", factor: 2 };
const PRICED = [{ provider: "one", model: "m", peak: PEAK }];

function msOf(time: string): number {
  return epochMsOf(`2026-11-23T${time}:00.000Z`);
}

function set(name: string, hours?: Hours): MatchedSet {
  const windows = [1, 2].map((period) => ({
    window: `${name}${String(period)}`,
    provider: `p${String(period)}`,
    featureId: name,
    replicate: 1,
    period,
    command: `/implement ${name}`,
  }));
  const place = { featureId: name, replicate: 1, stratum: "s", block: 1, sequence: "AB" };
  return { ...place, ...(hours === undefined ? {} : { hours }), windows };
}

interface Stage {
  readonly sets: readonly MatchedSet[];
  readonly at: string;
  readonly final?: readonly string[];
  readonly halted?: readonly string[];
  readonly washoutMs?: number;
  /** Times at which the limits of providers reset. */
  readonly limits?: Readonly<Record<string, string>>;
  /** Why the answers of these providers name no such time. */
  readonly unnamed?: "limit" | "failure";
}

/** A schedule by a clock that advances a minute at each wait. */
function stage({ sets, at, final = [], halted = [], washoutMs = 0, limits = {}, unnamed }: Stage) {
  let nowMs = msOf(at);
  const said: string[] = [];
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
  const registration = { name: "n", seed: "1", baseline: "p1", scripted: true };
  const schedule = createSetSchedule({
    plan: { experimentId: "0", registration, sha256: "0", sets },
    hours: createSetHours(PRICED, clock),
    recorder: { isFinal: (window) => final.includes(window), isUngraded: () => false },
    health: {
      pauseOf: (provider) => {
        const resetsAtMs = msOf(limits[provider] ?? at);
        if (resetsAtMs <= nowMs) return null;
        const ms = resetsAtMs - nowMs;
        if (unnamed !== undefined) return { cause: unnamed, ms, sinceMs: 1 };
        return { cause: "reset", ms, resetsAtMs };
      },
    },
    rules: { mayWork: ({ featureId }) => !halted.includes(featureId) },
    observer: { noted: (sentence) => said.push(sentence) },
    wait: async () => {
      nowMs += MINUTE_MS;
    },
    washoutMs,
  });
  const signal = new AbortController();
  const next = async () => (await schedule.next(signal.signal))?.featureId;
  const waitedMinutes = () => (nowMs - msOf(at)) / MINUTE_MS;
  return { schedule, next, said, waitedMinutes, abort: () => signal.abort() };
}

const FOUR = [set("a", "peak"), set("b", "off-peak"), set("c", "peak"), set("d", "off-peak")];

async function takeAll(next: () => Promise<string | undefined>): Promise<readonly string[]> {
  const first = await next();
  return first === undefined ? [] : [first, ...(await takeAll(next))];
}

describe("the schedule of sets", () => {
  it("is that of the plan where no set has hours", async () => {
    const { next, waitedMinutes } = stage({ sets: [set("a"), set("b")], at: "15:00" });
    expect(await takeAll(next)).toEqual(["a", "b"]);
    expect(waitedMinutes()).toBe(0);
  });

  it.each([
    [
      "13:58",
      ["b", "d", "a", "c"],
      2,
      "a1 and a2 wait for peak hours until 2026-11-23T14:00:00.000Z.",
    ],
    [
      "17:59",
      ["a", "c", "b", "d"],
      1,
      "b1 and b2 wait for off-peak hours until 2026-11-23T18:00:00.000Z.",
    ],
  ])("begins at %s with the sets of those hours, each kind in its order", async (...row) => {
    const [at, order, minutes, sentence] = row;
    const { next, said, waitedMinutes } = stage({ sets: FOUR, at });
    expect(await takeAll(next)).toEqual(order);
    expect(waitedMinutes()).toBe(minutes);
    expect(said).toEqual([sentence]);
  });

  it("takes sets back into their places", async () => {
    const { schedule, next } = stage({ sets: FOUR, at: "13:58" });
    expect([await next(), await next()]).toEqual(["b", "d"]);
    for (const given of [FOUR[3], FOUR[1]]) schedule.putBack(given ?? set("none"));
    expect(await takeAll(next)).toEqual(["b", "d", "a", "c"]);
  });

  it("does not begin a window that the washout would carry into other hours", async () => {
    const sets = [set("a", "off-peak"), set("b", "off-peak")];
    const washoutMs = 5 * MINUTE_MS;
    const { next, said } = stage({ sets, at: "13:57", final: ["a1"], washoutMs });
    expect(await next()).toBe("b");
    expect(await next()).toBe("a");
    expect(said).toEqual(["a2 waits for off-peak hours until 2026-11-23T18:00:00.000Z."]);
  });

  it("waits for no set that is final or halted", async () => {
    const { next, waitedMinutes } = stage({
      sets: FOUR,
      at: "13:00",
      final: ["a1", "a2"],
      halted: ["c"],
    });
    expect(await takeAll(next)).toEqual(["b", "d"]);
    expect(waitedMinutes()).toBe(0);
  });

  it("hands out what comes next at once where it is interrupted", async () => {
    const { next, abort, waitedMinutes } = stage({ sets: FOUR, at: "13:00" });
    abort();
    expect(await next()).toBe("a");
    expect(waitedMinutes()).toBe(0);
  });
});

describe("an attempt's hours", () => {
  it.each([
    ["13:00", "13:59", 0],
    ["13:30", "14:00", 1],
    ["14:30", "14:40", 1],
    // Over all of the peak.
    ["13:30", "18:30", 1],
  ])("from %s to %s of an off-peak set have %i breaches", (from, to, count) => {
    const hours = createSetHours(PRICED, { nowMs: () => msOf(to), monotonicMs: () => 0 });
    const breaches = hours.findBreaches(set("a", "off-peak"), msOf(from));
    expect(breaches.map(({ kind }) => kind)).toEqual(Array(count).fill("other-hours"));
  });
});

describe("the schedule of sets at a limit", () => {
  const TURNED = { ...set("b"), windows: set("b").windows.toReversed() };

  it("continues with sets whose next window needs another provider", async () => {
    const limits = { p1: "15:05" };
    const { next, waitedMinutes, said } = stage({ sets: [set("a"), TURNED], at: "15:00", limits });
    expect(await next()).toBe("b");
    expect(waitedMinutes()).toBe(0);
    expect(await next()).toBe("a");
    expect(waitedMinutes()).toBe(5);
    const wait = "a1 waits 5 min, until 2026-11-23T15:05:00.000Z, when the limit of p1 resets.";
    expect(said).toEqual([`${wait} You may interrupt this, and resume later.`]);
  });

  it.each([
    ["limit", "a1 waits 5 min, because p1 has reached its limit."],
    ["failure", "a1 waits 5 min, because p1 has failed."],
  ] as const)("goes on in the same way after a %s without a reset", async (unnamed, sentence) => {
    const limits = { p1: "15:05" };
    const sets = [set("a"), TURNED];
    const { next, waitedMinutes, said } = stage({ sets, at: "15:00", limits, unnamed });
    expect(await next()).toBe("b");
    expect(waitedMinutes()).toBe(0);
    expect(await next()).toBe("a");
    expect(waitedMinutes()).toBe(5);
    expect(said).toEqual([sentence]);
  });

  it("looks at the first window that is not final", async () => {
    const limits = { p2: "15:05" };
    const { next, waitedMinutes } = stage({ sets: [set("a")], at: "15:00", final: ["a1"], limits });
    expect(await next()).toBe("a");
    expect(waitedMinutes()).toBe(5);
  });
});

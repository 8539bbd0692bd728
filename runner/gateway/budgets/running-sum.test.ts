import * as fc from "fast-check";
import { expect, test } from "vitest";

import { rollingSum } from "./running-sum.ts";

const EVERY_MS = 10_000;

function sumAt(clock: { ms: number }, taken: readonly { atMs: number; grains: number }[] = []) {
  return rollingSum(taken, { everyMs: EVERY_MS, nowMs: () => clock.ms });
}

test("what was taken counts for the period, and no longer", () => {
  const clock = { ms: 1000 };
  const sum = sumAt(clock);
  sum.add(40);
  clock.ms = 10_999;
  expect(sum.total()).toBe(40);
  clock.ms = 11_000;
  expect(sum.total()).toBe(0);
});

test("it begins with what the ledger knows, in any order", () => {
  const clock = { ms: 20_000 };
  const taken = [
    { atMs: 15_000, grains: 5 },
    { atMs: 9000, grains: 100 },
    { atMs: 12_000, grains: 7 },
  ];
  expect(sumAt(clock, taken).total()).toBe(12);
});

test("it tells when so much is left", () => {
  const clock = { ms: 20_000 };
  const sum = sumAt(clock, [
    { atMs: 12_000, grains: 7 },
    { atMs: 15_000, grains: 5 },
  ]);
  expect(sum.whenAtMost(12)).toBe(20_000);
  expect(sum.whenAtMost(11)).toBe(22_000);
  expect(sum.whenAtMost(0)).toBe(25_000);
  expect(sum.whenAtMost(-1)).toBeNull();
});

test("it equals what a plain list says", () => {
  const step = fc.record({ afterMs: fc.nat(4000), grains: fc.nat(1000) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const clock = { ms: 0 };
      const sum = sumAt(clock);
      const list: { atMs: number; grains: number }[] = [];
      for (const { afterMs, grains } of steps) {
        clock.ms += afterMs;
        sum.add(grains);
        list.push({ atMs: clock.ms, grains });
        const plain = list
          .filter(({ atMs }) => atMs > clock.ms - EVERY_MS)
          .reduce((total, one) => total + one.grains, 0);
        // A part of the period is a millisecond here: only what is of the same one is merged.
        expect(sum.total()).toBe(plain);
      }
    }),
    { numRuns: 200, seed: 42 },
  );
});

test("what was taken is taken back as of its own moment, and not once it has left", () => {
  const clock = { ms: 1000 };
  const sum = sumAt(clock);
  sum.add(40);
  clock.ms = 5000;
  sum.add(30);
  sum.add(-15, 1000);
  expect(sum.total()).toBe(55);
  clock.ms = 11_000;
  expect(sum.total()).toBe(30);
  sum.add(-25, 1000);
  expect(sum.total()).toBe(30);
});

test("what was taken within a small part of the period leaves it together, with the last of it", () => {
  const [everyMs, clock] = [100_000_000, { ms: 1000 }];
  const sum = rollingSum([], { everyMs, nowMs: () => clock.ms });
  sum.add(5);
  clock.ms = 1001;
  sum.add(7);
  expect(sum.whenAtMost(11)).toBe(1001 + everyMs);
  clock.ms = 1000 + everyMs;
  expect(sum.total()).toBe(12);
  clock.ms = 1001 + everyMs;
  expect(sum.total()).toBe(0);
});

import seedrandom from "seedrandom";
import { sum } from "simple-statistics";
import { describe, expect, it } from "vitest";

import {
  CountHistory,
  type CountKind,
  type CountReading,
  type KnownTotal,
} from "./count-history.ts";

const KEY = "thread";
const SEEDS = 300;
const STEPS = 40;

interface Row {
  readonly reading: KnownTotal;
  readonly said: CountReading;
  isUndone: boolean;
}

/** A ledger of one count: rows that are written, undone, and folded in their order. */
class Rows {
  readonly #kind: CountKind;
  readonly rows: Row[] = [];

  constructor(kind: CountKind) {
    this.#kind = kind;
  }

  read(reading: KnownTotal): CountReading {
    const history = this.#fold();
    const wasRead = history.wasRead(reading);
    const beganAtZero = this.#kind.beganAtZero;
    const said = history.take(reading, { ...this.#kind, beganAtZero });
    const isRow = said.kind === "growth" || (said.kind !== "nothing" && !wasRead);
    if (isRow) this.rows.push({ reading, said, isUndone: false });
    return said;
  }

  /** Tokens of input that count, and dollars. */
  get counted(): readonly [number, number] {
    const growths = this.rows.flatMap(({ said, isUndone }) =>
      said.kind === "growth" && !isUndone ? [said.growth] : [],
    );
    const input = sum(growths.map(({ usage }) => usage.input_uncached ?? 0));
    return [input, Math.round(sum(growths.map(({ cost_usd = 0 }) => cost_usd)) * 1000) / 1000];
  }

  #fold(): CountHistory {
    const history = new CountHistory(KEY);
    for (const { reading, said, isUndone } of this.rows) {
      if (said.kind === "fell" && !isUndone) history.restart();
      history.addTotal(reading, isUndone);
      if (said.kind === "growth") history.addGrowth(said.id, said.growth, isUndone);
    }
    return history;
  }
}

function tokens(input: number): KnownTotal {
  return { total: { input_uncached: input, requests: 0 }, cost_usd: input / 1000 };
}

describe("a count that began at zero, read and undone at random", () => {
  it.each(Array.from({ length: SEEDS }, (_, seed) => seed))(
    "never counts more than its largest reading, and all of it once all is read again (seed %i)",
    (seed) => {
      const rng = seedrandom(`counts ${String(seed)}`);
      const readings = [100, 130, 200, 250, 400].map(tokens);
      const rows = new Rows({ beganAtZero: true, onlyGrows: true });
      let largest = 0;
      for (let step = 0; step < STEPS; step += 1) {
        const live = rows.rows.filter(({ isUndone }) => !isUndone);
        const undone = live[Math.floor(rng() * live.length)];
        if (rng() < 0.4 && undone !== undefined) undone.isUndone = true;
        else {
          const reading = readings[Math.floor(rng() * readings.length)] ?? tokens(0);
          rows.read(reading);
          largest = Math.max(largest, reading.total.input_uncached ?? 0);
        }
        expect(rows.counted[0]).toBeLessThanOrEqual(largest);
      }
      for (const reading of readings) rows.read(reading);
      expect(rows.counted).toEqual([400, 0.4]);
      for (const reading of readings) expect(rows.read(reading).kind).toBe("nothing");
    },
  );
});

it("counts at most what an older reading says, although more was undone", () => {
  const rows = new Rows({ beganAtZero: true, onlyGrows: true });
  for (const input of [100, 130, 200]) rows.read(tokens(input));
  for (const row of rows.rows.slice(0, 2)) row.isUndone = true;
  expect(rows.read(tokens(100))).toMatchObject({ growth: { usage: { input_uncached: 100 } } });
  expect(rows.read(tokens(130))).toMatchObject({ growth: { usage: { input_uncached: 30 } } });
});

it("counts of a reading in the middle only what no row below it counts", () => {
  const rows = new Rows({ beganAtZero: true, onlyGrows: true });
  for (const input of [100, 130, 200, 250]) rows.read(tokens(input));
  for (const row of rows.rows.slice(1, 3)) row.isUndone = true;
  expect(rows.read(tokens(130))).toMatchObject({ growth: { usage: { input_uncached: 30 } } });
  expect(rows.read(tokens(200))).toMatchObject({ growth: { usage: { input_uncached: 70 } } });
});

describe("a count whose first reading is a baseline", () => {
  const kind = { beganAtZero: false, onlyGrows: false };

  it("counts its growth, also what was undone, when its newest reading comes again", () => {
    const rows = new Rows(kind);
    for (const input of [100, 200, 250]) rows.read(tokens(input));
    for (const row of rows.rows.slice(1, 2)) row.isUndone = true;
    expect(rows.counted[0]).toBe(50);
    rows.read(tokens(250));
    expect(rows.counted[0]).toBe(150);
    expect(rows.read(tokens(200)).kind).toBe("nothing");
  });

  it("counts from the smaller reading when it falls, and no older reading again", () => {
    const rows = new Rows(kind);
    for (const input of [100, 200]) rows.read(tokens(input));
    expect(rows.read(tokens(50)).kind).toBe("fell");
    expect(rows.read(tokens(200)).kind).toBe("nothing");
    rows.read(tokens(80));
    expect(rows.counted[0]).toBe(130);
  });

  it("begins with another reading after its baseline was undone", () => {
    const rows = new Rows(kind);
    rows.read(tokens(100));
    for (const row of rows.rows) row.isUndone = true;
    expect(rows.read(tokens(500)).kind).toBe("baseline");
    rows.read(tokens(510));
    expect(rows.counted[0]).toBe(10);
  });
});

it("continues counting if the growth of a reading is in another row, as in rows of the first version", () => {
  const kind = { beganAtZero: true, onlyGrows: true };
  const said = new CountHistory(KEY).take(tokens(40), kind);
  if (said.kind !== "growth") throw new Error("It counts.");
  const history = new CountHistory(KEY);
  history.addTotal(tokens(40));
  const before = history.copy();
  history.addGrowth(said.id, said.growth);
  const next = history.take(tokens(70), kind);
  expect(next).toMatchObject({ growth: { usage: { input_uncached: 30 } } });
  // Without that row, as after its undoing, the same reading counts again.
  expect(before.take(tokens(40), kind)).toMatchObject({
    growth: { usage: { input_uncached: 40 } },
  });
});

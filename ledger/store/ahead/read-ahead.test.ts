import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Damage } from "../damage.ts";
import { openJsonlStore } from "../open-jsonl-store.ts";
import type { LedgerStore, TakeLine } from "../store.ts";
import { manualClock } from "../test-support/manual-clock.ts";

const ENCODER = new URL("../test-support/even-encoder.ts", import.meta.url).href;
/** Rows of 300 bytes: some blocks in each of two segments. */
const ROWS = 8_000;
const SEGMENT_BYTES = 1_500_000;
const NEVER = Number.POSITIVE_INFINITY;
/** Of the first lines, so that the other thread gets ahead and takes lines down. */
const SLOW_LINES = 50;
const pillow = new Int32Array(new SharedArrayBuffer(4));

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ahead-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function open(readAheadBytesMin: number, damage?: Damage[]): Promise<LedgerStore> {
  return openJsonlStore({
    folder,
    clock: manualClock(),
    agentId: "agent",
    toolVersion: "0.1.0",
    limits: { segmentBytesMax: SEGMENT_BYTES, readAheadBytesMin },
    ...(damage && { onDamage: (one: Damage) => damage.push(one) }),
  });
}

async function fill(payloadOf: (n: number) => object = (n) => ({ n })): Promise<void> {
  const store = await open(NEVER);
  for (let first = 0; first < ROWS; first += 500) {
    const rows = Array.from({ length: 500 }, (_, index) => ({
      record: "a",
      ...payloadOf(first + index),
    }));
    // oxlint-disable-next-line no-await-in-loop -- so that segments are sealed
    await store.append("windows", rows);
  }
  await store.close();
}

/** Changes the bytes of the first segment. */
function change(edit: (lines: string[]) => readonly string[]): void {
  const path = join(folder, "windows.000001.jsonl");
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  writeFileSync(path, `${edit(lines).join("\n")}\n`);
}

/** What a reading tells, in its order: taken down on the other thread, shown as a line, or handed on. */
async function readAll(readAheadBytesMin: number, encoder = ENCODER) {
  const damage: Damage[] = [];
  const store = await open(readAheadBytesMin, damage);
  const told: unknown[] = [];
  const counts = { coded: 0, shown: 0 };
  const take: TakeLine = Object.assign(
    (line: string) => {
      const n = Number(/"n":(\d+)/u.exec(line)?.[1]);
      if (n % 2 !== 0) return false;
      counts.shown += 1;
      if (counts.shown <= SLOW_LINES) Atomics.wait(pillow, 0, 0, 2);
      return told.push(n) > 0;
    },
    {
      ahead: {
        encoder,
        take: (line: { number(): number; name(): string | null }) => {
          const n = line.number();
          expect(line.name()).toBe(`tens: ${String(Math.floor(n / 10))}`);
          counts.coded += 1;
          return told.push(n) > 0;
        },
      },
    },
  );
  for (const row of store.read("windows", take)) told.push(row["n"]);
  await store.close();
  return { told, damage, counts };
}

/** The same of a reading by this thread alone and of one with another thread ahead of it. */
async function readBoth(encoder?: string) {
  const { told, damage } = await readAll(NEVER);
  const ahead = await readAll(1, encoder);
  expect(ahead.told).toStrictEqual(told);
  expect(ahead.damage).toStrictEqual(damage);
  return ahead;
}

describe("reading with another thread ahead", () => {
  it("tells all rows in their order, over blocks and segments", async () => {
    await fill();
    const { told, counts } = await readBoth();
    expect(told).toStrictEqual(Array.from({ length: ROWS }, (_, n) => n));
    // Not all: while this thread waits, lines come to it as they are.
    expect(counts.coded).toBeGreaterThan(0);
    expect(counts.coded + counts.shown).toBe(ROWS / 2);
  });

  it("reads by itself behind a row that is longer than a block", async () => {
    await fill((n) => ({ n, ...(n === 2_000 && { text: "x".repeat(900_000) }) }));
    const { told } = await readBoth();
    expect(told).toHaveLength(ROWS);
  });

  it("tells of a changed byte as if nobody were ahead", async () => {
    await fill();
    change((lines) => lines.map((line) => line.replace('"n":2500,', '"n":2502,')));
    const { told, damage } = await readBoth();
    expect(damage).toHaveLength(2);
    expect(told).toHaveLength(ROWS - 1);
  });

  it("tells of a missing row as if nobody were ahead", async () => {
    await fill();
    change((lines) => lines.toSpliced(2_500, 1));
    const { damage } = await readBoth();
    expect(damage.map(({ what }) => what)).toEqual([expect.stringContaining("rows are missing")]);
  });

  it("reads by itself where the other thread can't load its module", async () => {
    await fill();
    const { counts } = await readBoth(new URL("./no-such-module.ts", import.meta.url).href);
    expect(counts.coded).toBe(0);
  });

  it("reads on by itself where the other thread breaks down", async () => {
    await fill((n) => ({ n: n === 4_000 ? -1 : n }));
    const { told } = await readBoth();
    expect(told).toHaveLength(ROWS);
  });
});

describe("several readings with one thread ahead", () => {
  it("reads by itself while the other thread reads for another reading", async () => {
    await fill();
    const store = await open(1);
    const take: TakeLine = Object.assign(() => false, {
      ahead: { encoder: ENCODER, take: () => false },
    });
    const seqs: number[] = [];
    for (const one of store.read("windows", take)) {
      if (one.seq !== 10) continue;
      for (const other of store.read("windows", take)) seqs.push(other.seq);
    }
    expect(seqs).toHaveLength(ROWS);
    await store.close();
  });

  it("begins anew after a reading of another file that was given up in its last block", async () => {
    const store = await open(1);
    const numbers = Array.from({ length: 50 }, (_, n) => n);
    await store.append(
      "windows",
      numbers.map((n) => ({ record: "a", n })),
    );
    await store.append(
      "budgets",
      numbers.map((n) => ({ record: "b", n })),
    );
    const take: TakeLine = Object.assign(() => false, {
      ahead: { encoder: ENCODER, take: () => false },
    });
    for (const row of store.read("windows", take)) if (row["n"] === 20) break;
    const rows = [...store.read("budgets", take)];
    expect(rows.map(({ record, n }) => [record, n])).toEqual(numbers.map((n) => ["b", n]));
    await store.close();
  });

  it("begins anew after a reading that was given up", async () => {
    await fill();
    const store = await open(1);
    const take: TakeLine = Object.assign(() => false, {
      ahead: { encoder: ENCODER, take: () => false },
    });
    const firsts = [1, 2].map(() => {
      for (const row of store.read("windows", take)) return row.seq;
      return undefined;
    });
    expect(firsts).toEqual([1, 1]);
    expect([...store.read("windows", take)]).toHaveLength(ROWS);
    await store.close();
  });
});

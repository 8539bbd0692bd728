import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { describe, expect, it, onTestFinished } from "vitest";

import { writeOutStore } from "../../verification/write-out-store.ts";
import { type Deeds, joinDeeds } from "../test-support/deeds.ts";
import { drawFrom } from "../test-support/draw.ts";
import { findingsIn } from "../test-support/findings-in.ts";
import { numberFrom } from "../test-support/from-environment.ts";
import { startWriter, type Writer } from "../test-support/start-writer.ts";
import { readStoreAddress } from "./store-address.ts";
import { newFolder, openStore } from "./test-support/open-store.ts";
import {
  HAS_POSTGRES,
  KILLABLE,
  startPrivateCluster,
  WITHOUT,
} from "./test-support/private-cluster.ts";

const KILLS = numberFrom("LEDGER_POSTGRES_KILLS", 2);
/** Two processes write on each machine. */
const WRITERS_A_MACHINE = 2;
const LONG_MS = 300_000 + KILLS * 10_000;

describe.skipIf(!HAS_POSTGRES)(`kill -9 of PostgreSQL${WITHOUT}`, () => {
  it(
    "loses no acknowledged row, and writes none twice, though writers are killed too",
    async () => {
      const machines = [newFolder(), newFolder()];
      const { url, deeds } = await storm(machines);
      const out = newFolder();
      const contradictions = await writeOutStore(readStoreAddress(url, "test"), {
        out,
        copy: machines[0] ?? "",
      });
      expect(contradictions).toEqual([]);
      expect(findingsIn(out)).toEqual([]);

      const rows = [];
      for (const folder of [...machines, newFolder()]) {
        const store = await openStore(url, { folder });
        const all = [...store.read("windows"), ...store.read("snapshots")];
        rows.push(all.map(({ id }) => id));
        const phases = [...store.read("snapshots")].map((row) =>
          JSON.stringify([row["window"], row["phase"]]),
        );
        expect(new Set(phases).size).toBe(phases.length);
        expect(findingsIn(folder)).toEqual([]);
      }
      const [ids = []] = rows;
      expect(rows).toEqual(machines.concat("").map(() => ids));
      expect(new Set(ids).size).toBe(ids.length);
      expect(deeds.acknowledged.size).toBeGreaterThan(0);
      expect([...deeds.acknowledged.keys()].filter((id) => !ids.includes(id))).toEqual([]);
    },
    LONG_MS,
  );
});

/** Kills the server again and again while processes write, and one of these each time. */
async function storm(
  machines: readonly string[],
): Promise<{ readonly url: string; readonly deeds: Deeds }> {
  const cluster = await startPrivateCluster(KILLABLE);
  onTestFinished(() => cluster.stop());
  const url = await cluster.makeDatabase();
  const draw = drawFrom(KILLS);
  const places = Array.from({ length: machines.length * WRITERS_A_MACHINE }, (_, index) => index);
  const lives: Writer[] = [];
  const begin = async (place: number): Promise<Writer> => {
    const life = startLife(machines[place % machines.length] ?? "", { url, number: lives.length });
    lives.push(life);
    await life.ready;
    return life;
  };
  const present = await Promise.all(places.map(begin));
  for (let kill = 0; kill < KILLS; kill += 1) {
    await sleep(draw.between(0, 300));
    await cluster.kill();
    await cluster.start();
    const place = draw.between(0, places.length - 1);
    await end(present[place]);
    present[place] = await begin(place);
  }
  await sleep(draw.between(0, 300));
  await Promise.all(present.map(end));
  expect(lives.map((life) => life.complaints()).join("")).toBe("");
  return { url, deeds: joinDeeds(await Promise.all(lives.map(({ ended }) => ended))) };
}

function startLife(
  folder: string,
  { url, number }: { readonly url: string; readonly number: number },
): Writer {
  const orders = { folder, store: url, name: `life-${number}`, task: "both" } as const;
  const sizes = { bytesMax: 100_000, segmentBytesMax: 400_000, readyAfter: 1 };
  return startWriter({ ...orders, ...sizes, seed: number, batches: 1_000_000 }, COMPILED);
}

const COMPILED = path.resolve(".experiment/tests/compiled");

async function end(life: Writer | undefined): Promise<void> {
  life?.process.kill("SIGKILL");
  await life?.ended;
}

import { expect, it } from "vitest";

import { tellDiskStory } from "./test-support/disk-story.ts";
import { numberFrom } from "./test-support/from-environment.ts";

const SEEDS = numberFrom("LEDGER_DISK_SEEDS", 400);
const FIRST_SEED = numberFrom("LEDGER_DISK_FIRST_SEED", 1);
const TIMEOUT_MS = 20_000 + SEEDS * 50;

it(
  "keeps its promise on a disk that tears, loses, reorders, fills up and fails, whatever the seed",
  async () => {
    let acknowledged = 0;
    let crashes = 0;
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed += 1) {
      const end = await tellDiskStory(seed);
      const replay = `LEDGER_DISK_FIRST_SEED=${seed} LEDGER_DISK_SEEDS=1 npx vitest run ledger/store/simulated-disk.test.ts`;
      expect({ replay, breaches: end.breaches }).toEqual({ replay, breaches: [] });
      acknowledged += end.acknowledged;
      crashes += end.crashes;
    }
    // A simulation in which nothing happens proves nothing.
    expect(acknowledged).toBeGreaterThanOrEqual(SEEDS);
    expect(crashes).toBeGreaterThanOrEqual(Math.floor(SEEDS / 4));
  },
  TIMEOUT_MS,
);

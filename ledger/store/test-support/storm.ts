import { setTimeout as sleep } from "node:timers/promises";

import { type Deeds, joinDeeds } from "./deeds.ts";
import { drawFrom } from "./draw.ts";
import { startWriter, type Writer } from "./start-writer.ts";

export interface StormPlan {
  readonly folder: string;
  readonly cacheFolder: string;
  readonly seed: number;
  readonly kills: number;
  readonly writers: number;
  /** Longest text of a row. */
  readonly bytesMax: number;
  readonly segmentBytesMax: number;
  /** Longest life of a writer that has begun to write. */
  readonly lifeMsMax: number;
}

export interface StormEnd extends Deeds {
  /** The writers' output on stderr, which should be empty. */
  readonly complaints: string;
}

/** Some processes write to one ledger; each is killed at a moment of its life, and another takes its place. */
export async function storm(plan: StormPlan): Promise<StormEnd> {
  const draw = drawFrom(plan.seed);
  const lives: Writer[] = [];
  const place = async (): Promise<void> => {
    while (lives.length < plan.kills) {
      const one = startLife(plan, lives.length);
      lives.push(one);
      // Some are killed while they start: while they open, mend or make the ledger.
      const [isEarly, lifeMs] = [draw.chance(0.1), draw.between(0, plan.lifeMsMax)];
      if (!isEarly) await one.ready;
      await sleep(lifeMs);
      one.process.kill("SIGKILL");
      await one.ended;
    }
  };
  await Promise.all(Array.from({ length: plan.writers }, place));
  const deeds = await Promise.all(lives.map(({ ended }) => ended));
  const complaints = lives.map((one) => one.complaints()).join("");
  return { ...joinDeeds(deeds), complaints };
}

function startLife(plan: StormPlan, number: number): Writer {
  const { folder, bytesMax, segmentBytesMax } = plan;
  const orders = { folder, name: `life-${number}`, task: "both", batches: 100_000 } as const;
  // On a busy machine a short life would end before its first row; half of them don't.
  const readyAfter = number % 2;
  const seed = plan.seed * 1_000 + number;
  return startWriter({ ...orders, readyAfter, seed, bytesMax, segmentBytesMax }, plan.cacheFolder);
}

import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

import seedrandom from "seedrandom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  HAS_POSTGRES,
  type PrivateCluster,
  query,
  startPrivateCluster,
  WITHOUT,
} from "../../../ledger/store/postgres/test-support/private-cluster.ts";
import { verifyLedger } from "../../../ledger/verification/verify-ledger.ts";
import { processEnvironment } from "../../platform/environment/environment.ts";
import { openTrial } from "./test-support/shared-trial.ts";

const { variables } = processEnvironment();
/** Replicates of four tasks with two providers; for a longer storm: CLUSTER_CHAOS_REPLICATES=250. */
const REPLICATES = Number(variables["CLUSTER_CHAOS_REPLICATES"] ?? "25");
const SEED = variables["CLUSTER_CHAOS_SEED"] ?? "1";
const WORKERS = 8;
const WORK_MS = 1500;
const CAP = 1000 * REPLICATES * 9;
const HEARTBEAT_S = 10;
const HOURS_MS = 10 * 3_600_000;

describe.skipIf(!HAS_POSTGRES)(`a storm over the workers of a store${WITHOUT}`, () => {
  let cluster: PrivateCluster;
  beforeAll(async () => {
    cluster = await startPrivateCluster();
  });
  afterAll(() => cluster.stop());

  it(
    `loses no window, ends none twice and passes no cap, seed ${SEED}`,
    async () => {
      const url = await cluster.makeDatabase();
      const times = { heartbeatSeconds: HEARTBEAT_S, monitorSeconds: 2 };
      const trial = await openTrial({
        url,
        replicates: REPLICATES,
        workMs: WORK_MS,
        cap: CAP,
        times,
      });
      const storm = new Storm({ cluster, url, start: trial.startWorker });
      const raging = storm.rage();
      try {
        const end = await trial.run();
        expect(end.reason).toMatch(/complete|budget/u);
        await storm.calm();
        await raging;
        const rows = await query<{ window_name: string; finals: string }>(
          url,
          `select window_name, count(*) as finals from counterbalance.ledger_rows
           where record = 'window_finalized' group by window_name`,
        );
        expect(rows.filter(({ finals }) => finals !== "1")).toEqual([]);
        // Without a complete end, the rest was refused by the budget.
        expect(end.reason === "budget" || rows.length === trial.windows).toBe(true);
        expect(storm.samplesOverCap).toEqual([]);
        expect(storm.samples).toBeGreaterThan(10);
        await trial.store.refresh();
        expect(verifyLedger(trial.ledger, { mode: "full" }).findings).toEqual([]);
        expect(storm.deeds).toMatchObject({ kill: expect.any(Number), pause: expect.any(Number) });
        process.stderr.write(
          `Chaos: ${JSON.stringify({ windows: rows.length, ...storm.deeds })}\n`,
        );
      } finally {
        await storm.calm();
        await trial.store.close();
        trial.remove();
      }
    },
    HOURS_MS,
  );
});

type Deed = "kill" | "pause" | "cut" | "restart";

interface StormParts {
  readonly cluster: PrivateCluster;
  readonly url: string;
  readonly start: (name: string) => ChildProcess;
}

/** Kills, pauses and cuts off workers, and restarts the server, until it is calmed. */
class Storm {
  readonly deeds: Record<Deed, number> = { kill: 0, pause: 0, cut: 0, restart: 0 };
  readonly samplesOverCap: unknown[] = [];
  samples = 0;
  readonly #parts: StormParts;
  readonly #random = seedrandom(SEED);
  readonly #workers = new Map<string, ChildProcess>();
  #isCalm = false;

  constructor(parts: StormParts) {
    this.#parts = parts;
    for (let index = 1; index <= WORKERS; index += 1) this.#start(`worker-${String(index)}`);
  }

  async rage(): Promise<void> {
    let nextMs = 0;
    while (!this.#isCalm) {
      await sleep(100);
      await this.#sample();
      nextMs -= 100;
      if (nextMs > 0) continue;
      nextMs = 500 + this.#random() * 3000;
      await this.#strike();
    }
  }

  async calm(): Promise<void> {
    this.#isCalm = true;
    for (const worker of this.#workers.values()) {
      worker.kill("SIGCONT");
      worker.kill("SIGKILL");
    }
  }

  async #strike(): Promise<void> {
    const draw = this.#random();
    const name = `worker-${String(1 + Math.floor(this.#random() * WORKERS))}`;
    const worker = this.#workers.get(name);
    if (draw < 0.5) {
      this.deeds.kill += 1;
      worker?.kill("SIGKILL");
      this.#start(name);
    } else if (draw < 0.75) {
      this.deeds.pause += 1;
      worker?.kill("SIGSTOP");
      void sleep((HEARTBEAT_S + 4) * 1000).then(() => worker?.kill("SIGCONT"));
    } else if (draw < 0.9) {
      this.deeds.cut += 1;
      await query(
        this.#parts.cluster.addressOf("postgres"),
        "select pg_terminate_backend(pid) from pg_stat_activity where datname like 'test%' and random() < 0.5",
      ).catch(() => []);
    } else {
      this.deeds.restart += 1;
      await this.#parts.cluster.kill();
      await this.#parts.cluster.start();
    }
  }

  #start(name: string): void {
    this.#workers.set(name, this.#parts.start(name));
  }

  async #sample(): Promise<void> {
    const rows = await query(
      this.#parts.url,
      "select * from counterbalance.budgets where spent + reserved > cap",
    ).catch(() => null);
    if (rows === null) return;
    this.samples += 1;
    this.samplesOverCap.push(...rows);
  }
}

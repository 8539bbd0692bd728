import type { PrivateCluster } from "../../../ledger/store/postgres/test-support/private-cluster.ts";
import { TIMES } from "../../experiment/cluster/queue-names.ts";
import { openTrial } from "../../experiment/cluster/test-support/shared-trial.ts";
import { benchSize } from "../bench-size.ts";
import { databaseNowMs, timesOf, workersThere } from "./rows-of-trial.ts";

const RUNS = benchSize({ full: 3, short: 1, variable: "BENCH_RUNS" });
const WORK_MS = 600_000;
const CAP = 100_000;
const MS_PER_SECOND = 1000;
const TARGET_S = TIMES.heartbeat + TIMES.monitor + 5;

/** How long the window of a killed worker waits for another one, with the product's times. */
export async function* benchTakeover(cluster: PrivateCluster): AsyncIterable<string> {
  // They only wait, so that they may run side by side.
  const runs = Array.from({ length: RUNS }, async () => await takeOver(cluster));
  const seconds = (await Promise.all(runs)).map((ms) => (ms / MS_PER_SECOND).toFixed(1));
  yield `${seconds.join(" s, ")} s from kill -9 until another worker has begun the window (target: at most ${String(TARGET_S)} s)`;
}

async function takeOver(cluster: PrivateCluster): Promise<number> {
  const url = await cluster.makeDatabase();
  const stop = new AbortController();
  // The second window of the only pair waits, so that the second worker has nothing to do.
  const options = { url, replicates: 1, tasks: 1, workMs: WORK_MS, cap: CAP };
  const trial = await openTrial({ ...options, stop: stop.signal });
  const running = trial.run();
  const killed = trial.startWorker("worker-1");
  try {
    await timesOf(url, "window_opened", 1);
    const other = trial.startWorker("worker-2");
    try {
      await workersThere(url, 2);
      const killedMs = await databaseNowMs(url);
      killed.kill("SIGKILL");
      const [, begunMs = NaN] = await timesOf(url, "window_opened", 2);
      stop.abort();
      await running;
      return begunMs - killedMs;
    } finally {
      other.kill("SIGKILL");
    }
  } finally {
    killed.kill("SIGKILL");
    await trial.store.close();
    trial.remove();
  }
}

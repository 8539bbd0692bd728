import type { PrivateCluster } from "../../../ledger/store/postgres/test-support/private-cluster.ts";
import { openTrial } from "../../experiment/cluster/test-support/shared-trial.ts";
import { benchSize } from "../bench-size.ts";
import { databaseNowMs, timesOf } from "./rows-of-trial.ts";

const WORKERS = benchSize({ full: 8, short: 2 });
const REPLICATES = benchSize({ full: 4, short: 1 });
const WORK_MS = 60_000;
const CAP = 1_000_000;
const MS_PER_SECOND = 1000;

/** How long workers continue after a Ctrl-C on their coordinator. */
export async function* benchStop(cluster: PrivateCluster): AsyncIterable<string> {
  const url = await cluster.makeDatabase();
  const stop = new AbortController();
  const options = { url, replicates: REPLICATES, workMs: WORK_MS, cap: CAP };
  const trial = await openTrial({ ...options, stop: stop.signal });
  const workers = Array.from({ length: WORKERS }, (_, index) =>
    trial.startWorker(`worker-${String(index + 1)}`),
  );
  try {
    const running = trial.run();
    await timesOf(url, "window_opened", WORKERS);
    const stoppedMs = await databaseNowMs(url);
    stop.abort();
    const ends = await timesOf(url, "window_interrupted", WORKERS);
    await running;
    const seconds = ends.map((ms) => ((ms - stoppedMs) / MS_PER_SECOND).toFixed(2));
    yield `${String(WORKERS)} workers end their windows after ${seconds.join(" s, ")} s (target: at most 2 s each)`;
  } finally {
    for (const worker of workers) worker.kill("SIGKILL");
    await trial.store.close();
    trial.remove();
  }
}

import { Client } from "pg";

import type { PrivateCluster } from "../../../ledger/store/postgres/test-support/private-cluster.ts";
import { systemClock } from "../../platform/environment/environment.ts";
import { benchSize } from "../bench-size.ts";
import { measureCost, openBenchBoard } from "./bench-board.ts";

const WINDOWS = benchSize({ full: 2000, short: 20, variable: "BENCH_WINDOWS" });
const MS_PER_SECOND = 1000;
const PEER = [
  "create table peer_lock (id integer primary key, n integer)",
  "create table peer_rows (id serial primary key, line text)",
  "insert into peer_lock values (1, 0)",
];
const ROW_BYTES = 800;

/** How many windows a database hands out and completes a second, compared with a bare transaction. */
export async function* benchHandOut(cluster: PrivateCluster): AsyncIterable<string> {
  const bench = await openBenchBoard(cluster);
  try {
    for (let index = 0; index < WINDOWS; index += 1) await bench.enqueue(`W0-${String(index)}`);
    const cost = await measureCost(bench.url, async () => await bench.work(WINDOWS));
    const [own, server] = [cost.ownCpuMs, cost.serverCpuMs].map((ms) => (ms / WINDOWS).toFixed(1));
    yield `${perSecond(WINDOWS, cost.wallMs)} windows/s of ${String(WINDOWS)} (target: at least 50)`;
    yield `CPU a window: workers ${String(own)} ms, PostgreSQL ${String(server)} ms`;
    yield `a bare transaction with one locked row and three inserts, one client: ${perSecond(WINDOWS, await peerMs(bench.url))}/s`;
  } finally {
    await bench.close();
  }
}

async function peerMs(url: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  for (const sql of PEER) await client.query(sql);
  const line = "x".repeat(ROW_BYTES);
  const startedMs = systemClock.monotonicMs();
  for (let index = 0; index < WINDOWS; index += 1) {
    await client.query("begin");
    await client.query("select n from peer_lock where id = 1 for update");
    for (let row = 0; row < 3; row += 1) {
      await client.query("insert into peer_rows (line) values ($1)", [line]);
    }
    await client.query("commit");
  }
  const ms = systemClock.monotonicMs() - startedMs;
  await client.end();
  return ms;
}

function perSecond(count: number, ms: number): string {
  return ((count * MS_PER_SECOND) / ms).toFixed(0);
}

import { setTimeout as sleep } from "node:timers/promises";

import { query } from "../../../ledger/store/postgres/test-support/private-cluster.ts";

const LOOK_MS = 100;
const LOOKS_MAX = 3000;

/** When rows of a record were written, by the database's clock, ms; waits for at least `count` of them. */
export async function timesOf(
  url: string,
  record: string,
  count: number,
): Promise<readonly number[]> {
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const rows = await query<{ ms: string }>(
      url,
      `select extract(epoch from (line::jsonb->>'recorded_at')::timestamptz) * 1000 as ms
       from counterbalance.ledger_rows where record = $1 order by file, seq`,
      [record],
    );
    if (rows.length >= count) return rows.map(({ ms }) => Number(ms));
    await sleep(LOOK_MS);
  }
  throw new Error(`There are no ${String(count)} rows ${record}.`);
}

export async function databaseNowMs(url: string): Promise<number> {
  const [row] = await query<{ ms: string }>(
    url,
    "select extract(epoch from clock_timestamp()) * 1000 as ms",
  );
  return Number(row?.ms);
}

/** Waits until so many workers have shown themselves. */
export async function workersThere(url: string, count: number): Promise<void> {
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const rows = await query(url, "select from counterbalance.workers");
    if (rows.length >= count) return;
    await sleep(LOOK_MS);
  }
  throw new Error(`There are no ${String(count)} workers.`);
}

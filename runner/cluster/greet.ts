import type { Pool } from "pg";

import type { WorkerSeen } from "./switchboard.ts";

export type ListedWorker = WorkerSeen & { readonly seenMsAgo: number };

/** Shows a worker to the others. */
export async function greet(pool: Pool, worker: WorkerSeen): Promise<void> {
  await pool.query("select counterbalance.greet($1, $2)", [worker.name, JSON.stringify(worker)]);
}

/** The workers that were there in the last hour. */
export async function readWorkers(pool: Pick<Pool, "query">): Promise<readonly ListedWorker[]> {
  const { rows } = await pool.query<{ details: WorkerSeen; ago: string }>(
    `select details, extract(epoch from now() - seen_at) * 1000 as ago from counterbalance.workers
     where seen_at > now() - interval '1 hour' order by name`,
  );
  return rows.map(({ details, ago }) => ({ ...details, seenMsAgo: Math.round(Number(ago)) }));
}

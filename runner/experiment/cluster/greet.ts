import type { Pool } from "pg";
import { z } from "zod";

const TEXT_MAX = 500;
const SLOTS_MAX = 1000;

const Text = z
  .string()
  .max(TEXT_MAX)
  .regex(/^\P{Cc}*$/u);
/** Why a worker takes no windows of an experiment. */
const Refusal = z.object({ experimentId: Text, why: Text }).readonly();
export type Refusal = z.infer<typeof Refusal>;

/** A worker as the others see it. */
const WorkerSeen = z
  .object({
    name: Text,
    host: Text,
    machineClass: Text,
    /** How many windows it works at once. */
    slots: z.int().min(0).max(SLOTS_MAX),
    windows: z
      .array(
        z.object({
          experimentId: Text,
          window: Text,
          provider: Text,
          phase: Text,
          sinceMs: z.number(),
        }),
      )
      .readonly(),
    /** The experiments whose windows it does not take. */
    refusals: z.exactOptional(z.array(Refusal).readonly()),
  })
  .readonly();
export type WorkerSeen = z.infer<typeof WorkerSeen>;
export type ListedWorker = WorkerSeen & { readonly seenMsAgo: number };

/** Shows a worker to the others. */
export async function greet(pool: Pool, worker: WorkerSeen): Promise<void> {
  await pool.query("select counterbalance.greet($1, $2)", [worker.name, JSON.stringify(worker)]);
}

/** The workers that were there in the last hour, without those that say what no worker of this program says. */
export async function readWorkers(pool: Pick<Pool, "query">): Promise<readonly ListedWorker[]> {
  const { rows } = await pool.query<{ details: WorkerSeen; ago: string }>(
    `select details, extract(epoch from now() - seen_at) * 1000 as ago from counterbalance.workers
     where seen_at > now() - interval '1 hour' order by name`,
  );
  const readable = rows.filter(({ details }) => WorkerSeen.safeParse(details).success);
  return readable.map(({ details, ago }) => ({ ...details, seenMsAgo: Math.round(Number(ago)) }));
}

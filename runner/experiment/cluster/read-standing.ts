import type { PoolClient } from "pg";

import type { Database } from "../../../ledger/store/postgres/database.ts";
import { type ListedWorker, readWorkers } from "./greet.ts";

/** What a store shows of its experiments and workers. */
export interface Standing {
  readonly experiments: readonly ExperimentStanding[];
  readonly workers: readonly ListedWorker[];
}

export interface ExperimentStanding {
  readonly experimentId: string;
  /** null while windows are handed out. */
  readonly stoppedWhy: string | null;
  readonly windows: { readonly planned: number; readonly final: number; readonly waiting: number };
  /** Overall budgets, grains. */
  readonly budgets: readonly {
    readonly unit: "tokens" | "usd" | "minutes";
    readonly cap: number;
    readonly spent: number;
    readonly reserved: number;
  }[];
}

/** Reads it without a lock. The database may have no queue yet. */
export async function readStanding(database: Database): Promise<Standing> {
  return await database.connected(standingIn);
}

async function standingIn(client: PoolClient): Promise<Standing> {
  const { rows: there } = await client.query<{ there: boolean }>(
    "select to_regclass('counterbalance_queue.job') is not null as there",
  );
  if (there[0]?.there !== true) return { experiments: [], workers: [] };
  const { rows: sessions } = await client.query<SessionRow>(
    `select experiment_id, stopped_why,
       (select count(*) from counterbalance.ledger_rows r where r.experiment_id = s.experiment_id
          and record = 'window_finalized') as final,
       (select coalesce(sum(jsonb_array_length(line::jsonb->'providers')), 0) from counterbalance.ledger_rows r
          where r.experiment_id = s.experiment_id and record = 'feature_assigned') as planned,
       (select count(*) from counterbalance_queue.job j where state in ('created', 'retry')
          and data->>'experimentId' = s.experiment_id) as waiting
     from counterbalance.sessions s order by experiment_id`,
  );
  const { rows: budgets } = await client.query<BudgetRow>(
    "select experiment_id, unit, cap, spent, reserved from counterbalance.budgets order by unit",
  );
  return {
    experiments: sessions.map((row) => ({
      experimentId: row.experiment_id,
      stoppedWhy: row.stopped_why,
      windows: {
        planned: Number(row.planned),
        final: Number(row.final),
        waiting: Number(row.waiting),
      },
      budgets: budgets
        .filter(({ experiment_id: id }) => id === row.experiment_id)
        .map(({ unit, cap, spent, reserved }) => ({
          unit,
          cap: Number(cap),
          spent: Number(spent),
          reserved: Number(reserved),
        })),
    })),
    workers: await readWorkers(client),
  };
}

interface SessionRow {
  readonly experiment_id: string;
  readonly stopped_why: string | null;
  readonly final: string;
  readonly planned: string;
  readonly waiting: string;
}

interface BudgetRow {
  readonly experiment_id: string;
  readonly unit: "tokens" | "usd" | "minutes";
  readonly cap: string;
  readonly spent: string;
  readonly reserved: string;
}

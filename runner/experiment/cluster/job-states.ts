import type { ClientBase } from "pg";
import { z } from "zod";

import { BudgetScope } from "../../../ledger/domain/budget-event.ts";
import { Outcome } from "../../../ledger/domain/outcome.ts";
import { Usage } from "../../../ledger/domain/usage.ts";
import { SCHEMA } from "./queue-names.ts";
import type { JobState } from "./switchboard.ts";

interface Found {
  readonly id: string;
  readonly is_finished: boolean;
  /** As the queue says; null if the job is gone. */
  readonly state: string | null;
  readonly output: unknown;
}

/**
 * The states of jobs. Whether a window is finished, and how, only its holder can say, by a function of the
 * database. The queue's own tables can be written by every worker: they say no more than who waits.
 */
export async function readStates(
  client: Pick<ClientBase, "query">,
  ids: readonly string[],
): Promise<ReadonlyMap<string, JobState>> {
  const { rows } = await client.query<Found>(
    `select d.job_id as id, d.finished_delivery is not null as is_finished, j.state, d.output
     from counterbalance.deliveries d left join ${SCHEMA}.job j on j.name = d.queue and j.id = d.job_id
     where d.job_id = any($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map((found) => [found.id, stateOf(found)]));
}

function stateOf({ is_finished: isFinished, state, output }: Found): JobState {
  if (isFinished) return { state: "done", output: Output.safeParse(output).data ?? null };
  return { state: UNFINISHED[state ?? ""] ?? "failed", output: null };
}

const UNFINISHED: Readonly<Record<string, JobState["state"]>> = {
  created: "waiting",
  retry: "waiting",
  active: "active",
  cancelled: "cancelled",
};

const Output = z.object({
  outcome: Outcome,
  reason: z.string().nullable(),
  quality: z.number().nullable(),
  usage: Usage,
  spentBudget: z.exactOptional(BudgetScope),
  keyRefusal: z.exactOptional(z.string()),
  limitResetsAtMs: z.exactOptional(z.number().nullable()),
});

import type { PoolClient } from "pg";
import type { PgBoss } from "pg-boss";

import type { LedgerFile } from "../../ledger/domain/ledger-file.ts";
import { parseLine } from "../../ledger/store/last-row.ts";
import type { Database } from "../../ledger/store/postgres/database.ts";
import {
  type LedgerParts,
  LedgerTransaction,
} from "../../ledger/store/postgres/ledger-transaction.ts";
import { type Amounts, NOTHING, perUnit, sumOf, UNBOUNDED } from "../budgets/budget-unit.ts";
import { citeAnew } from "./cite-anew.ts";
import { greet, readWorkers } from "./greet.ts";
import { handedInRow } from "./handed-in-row.ts";
import {
  type AllowanceRow,
  filled,
  NoRoomError,
  noteLost,
  refuseUncovered,
  setAside,
  settle,
  spendWhole,
} from "./postgres-budgets.ts";
import { openSession, readOrder, readSessions, stopSession } from "./postgres-sessions.ts";
import {
  ANY_CLASS,
  DEAD,
  DELIVERIES_MAX,
  DONE_CHANNEL,
  queueOf,
  SCHEMA,
  TIMES,
} from "./queue-names.ts";
import {
  type AttemptOutput,
  type Claim,
  type EndedAttempt,
  type FileRows,
  HISTORY_FILES,
  type JobState,
  type NoRoom,
  type OpenSession,
  type Order,
  type SessionStart,
  type Switchboard,
  type WindowJob,
  type WorkerSeen,
} from "./switchboard.ts";

export interface SwitchboardTimes {
  /** A worker that is silent for so long has lost its window, seconds; at least 10. */
  readonly heartbeatSeconds?: number;
  /** How often silent workers are looked for, seconds. */
  readonly monitorSeconds?: number;
}

export interface PostgresSwitchboardOptions extends SwitchboardTimes {
  readonly database: Database;
  readonly ledger: LedgerParts;
  /** Whether this process may change the queue's schema. A worker's role may not. */
  readonly isOwner: boolean;
}

type Sql = Pick<PoolClient, "query">;

export class PostgresSwitchboard implements Switchboard {
  readonly #options: PostgresSwitchboardOptions;
  readonly #boss: PgBoss;
  /** Looks for silent workers now, which otherwise happens every few seconds. */
  readonly superviseNow: () => Promise<void>;
  readonly #queues = new Set<string>();

  constructor(options: PostgresSwitchboardOptions, boss: PgBoss) {
    this.#options = options;
    this.#boss = boss;
    this.superviseNow = async () => await boss.supervise();
  }

  /** Makes a queue unless it is there. */
  async prepareQueue(name: string): Promise<void> {
    if (this.#queues.has(name)) return;
    const { heartbeatSeconds = TIMES.heartbeat } = this.#options;
    if ((await this.#boss.getQueue(DEAD)) === null) await this.#boss.createQueue(DEAD);
    if ((await this.#boss.getQueue(name)) === null) {
      await this.#boss.createQueue(name, {
        policy: "exclusive",
        deadLetter: DEAD,
        heartbeatSeconds,
        expireInSeconds: TIMES.expire,
        retryLimit: DELIVERIES_MAX,
        retryDelay: 0,
      });
    }
    this.#queues.add(name);
  }

  async close(): Promise<void> {
    await this.#boss.stop({ graceful: false, close: false });
  }

  async openSession(session: SessionStart): Promise<void> {
    await this.#options.database.transaction((client) => openSession(client, session));
  }

  async stop(experimentId: string, why: string): Promise<void> {
    await this.#options.database.transaction((client) => stopSession(client, experimentId, why));
  }

  async orderOf(experimentId: string): Promise<Order> {
    return await readOrder(this.#options.database.pool, experimentId);
  }

  async sessions(): Promise<readonly OpenSession[]> {
    return await readSessions(this.#options.database.pool);
  }

  async reserve(
    experimentId: string,
    allowances: ReadonlyMap<string, Amounts>,
  ): Promise<NoRoom | null> {
    return await this.#orNoRoom(async (client) => {
      const fresh: Amounts[] = [];
      const had: Amounts[] = [];
      for (const [window, amounts] of allowances) {
        const { rowCount } = await client.query(
          "insert into counterbalance.allowances values ($1, $2, $3, null) on conflict do nothing",
          [experimentId, window, JSON.stringify(amounts)],
        );
        (rowCount === 1 ? fresh : had).push(amounts);
      }
      const sums = { amounts: sumOf(fresh), own: sumOf(had) };
      if (fresh.length > 0) await setAside(client, experimentId, sums);
      return null;
    });
  }

  async giveUp(experimentId: string, windows: readonly string[]): Promise<void> {
    await this.#options.database.transaction(async (client) => {
      const { rows } = await client.query<{ amounts: Amounts }>(
        `delete from counterbalance.allowances
         where experiment_id = $1 and window_name = any($2) and begun_by is null returning amounts`,
        [experimentId, windows],
      );
      for (const { amounts } of rows) {
        await settle(client, experimentId, { spent: NOTHING, freed: amounts });
      }
    });
  }

  async enqueue(job: WindowJob): Promise<string> {
    const { experimentId, planned, machineClass } = job;
    const queue = queueOf(machineClass);
    await this.prepareQueue(queue);
    const singletonKey = `${experimentId}/${planned.window}`;
    for (;;) {
      const { rows } = await this.#options.database.pool.query<{ id: string }>(
        `select id from ${SCHEMA}.job where ${IN_A_QUEUE}
           and coalesce(singleton_key, '') = $1 and state <= 'active' and policy = 'exclusive'`,
        [singletonKey],
      );
      if (rows[0] !== undefined) return rows[0].id;
      const id = await this.#boss.send(queue, job, { singletonKey });
      if (id !== null) return id;
    }
  }

  async statesOf(ids: readonly string[]): Promise<ReadonlyMap<string, JobState>> {
    if (ids.length === 0) return new Map();
    const { rows } = await this.#options.database.pool.query<{
      id: string;
      state: string;
      output: AttemptOutput | null;
    }>(`select id, state, output from ${SCHEMA}.job where ${IN_A_QUEUE} and id = any($1::uuid[])`, [
      ids,
    ]);
    return new Map(
      rows.map(({ id, state, output }) => [id, { state: STATES[state] ?? "failed", output }]),
    );
  }

  async withdraw(ids: readonly string[]): Promise<void> {
    await this.#options.database.pool.query(
      `update ${SCHEMA}.job set state = 'cancelled', completed_on = now()
       where ${IN_A_QUEUE} and id = any($1::uuid[]) and state = 'created'`,
      [ids],
    );
  }

  async claim({
    name,
    machineClass,
  }: Pick<WorkerSeen, "name" | "machineClass">): Promise<Claim | null> {
    for (const queue of [queueOf(machineClass), ANY_CLASS]) {
      if ((await this.#boss.getQueue(queue)) === null) continue;
      const [fetched] = await this.#boss.fetch<WindowJob>(queue);
      if (fetched === undefined) continue;
      const { id, retryCount, data: job } = fetched;
      const { rows } = await this.#options.database.pool.query<{ executed_order: string }>(
        `with delivered as (
           insert into counterbalance.deliveries values ($1, $4, $5, $2, $3, null)
           on conflict (job_id) do update set worker = excluded.worker, machine_class = excluded.machine_class)
         update counterbalance.sessions set executed_order = executed_order + 1
         where experiment_id = $4 returning executed_order`,
        [id, name, machineClass, job.experimentId, job.planned.window],
      );
      return { id, delivery: retryCount, job, executedOrder: Number(rows[0]?.executed_order ?? 1) };
    }
    return null;
  }

  async keep(claim: Claim): Promise<boolean> {
    return await this.#touch(claim);
  }

  async begin(claim: Claim, rows: readonly FileRows[]): Promise<"begun" | "lost" | NoRoom> {
    const { experimentId, planned } = claim.job;
    return (
      (await this.#orNoRoom(async (client) => {
        if (!(await this.#touch(claim, client))) return "lost";
        const { rows: found } = await client.query<AllowanceRow>(
          `select amounts, begun_by from counterbalance.allowances
           where experiment_id = $1 and window_name = $2 for update`,
          [experimentId, planned.window],
        );
        const [allowance] = found;
        if (allowance === undefined) await refuseUncovered(client, experimentId);
        const before = allowance?.begun_by ?? null;
        if (allowance !== undefined && before !== null && before !== nameOf(claim)) {
          await noteLost(client, experimentId, { lost: before, amounts: allowance.amounts });
          await spendWhole(client, experimentId, allowance.amounts);
        }
        await client.query(
          "update counterbalance.allowances set begun_by = $3 where experiment_id = $1 and window_name = $2",
          [experimentId, planned.window, nameOf(claim)],
        );
        await this.#append(client, rows);
        return "begun";
      })) ?? "begun"
    );
  }

  async finish(claim: Claim, { rows, spent, output }: EndedAttempt): Promise<"done" | "lost"> {
    const { experimentId, planned } = claim.job;
    return await this.#options.database.transaction(async (client) => {
      const queue = await this.#queueOf(claim, client);
      const completed = await this.#boss.complete(queue, fenceOf(claim), output, {
        db: sqlOf(client),
      });
      if (affectedBy(completed) !== 1) {
        return (await this.#isFinished(claim, client)) ? "done" : "lost";
      }
      await this.#append(client, rows);
      const { rows: freed } = await client.query<AllowanceRow>(
        "delete from counterbalance.allowances where experiment_id = $1 and window_name = $2 returning amounts, begun_by",
        [experimentId, planned.window],
      );
      const amounts = freed[0]?.amounts ?? UNBOUNDED;
      const lost = freed[0]?.begun_by ?? null;
      await settle(client, experimentId, { spent, freed: amounts });
      // An earlier delivery has spent of it, and this one could not begin.
      if (lost !== null && lost !== nameOf(claim)) {
        await noteLost(client, experimentId, { lost, amounts });
        await settle(client, experimentId, { spent: filled(amounts), freed: UNBOUNDED });
      }
      await client.query(
        "update counterbalance.deliveries set finished_delivery = $2 where job_id = $1",
        [claim.id, claim.delivery],
      );
      await client.query(`notify ${DONE_CHANNEL}`);
      return "done";
    });
  }

  async recordLate(
    claim: Claim,
    { rows, spent }: Pick<EndedAttempt, "rows" | "spent">,
  ): Promise<void> {
    const { experimentId } = claim.job;
    await this.#options.database.transaction(async (client) => {
      if (await this.#isFinished(claim, client)) return;
      await this.#append(client, rows);
      const { rows: lost } = await client.query<{ amounts: Amounts }>(
        "delete from counterbalance.lost_attempts where claim = $1 returning amounts",
        [nameOf(claim)],
      );
      for (const { amounts } of lost) {
        const rest = perUnit((unit) => spent[unit] - (amounts[unit] ?? 0));
        await settle(client, experimentId, { spent: rest, freed: UNBOUNDED });
      }
    });
  }

  async classOf(experimentId: string, windows: readonly string[]): Promise<string | null> {
    const { rows } = await this.#options.database.pool.query<{ machine_class: string }>(
      `select machine_class from counterbalance.deliveries
       where experiment_id = $1 and window_name = any($2) and finished_delivery is not null limit 1`,
      [experimentId, windows],
    );
    return rows[0]?.machine_class ?? null;
  }

  async historyOf(experimentId: string, window: string): Promise<readonly FileRows[]> {
    const { rows } = await this.#options.database.pool.query<{ file: LedgerFile; line: string }>(
      `select file, line from counterbalance.ledger_rows
       where experiment_id = $1 and window_name = $2 and file = any($3) order by file, seq`,
      [experimentId, window, HISTORY_FILES],
    );
    return HISTORY_FILES.map((file) => ({
      file,
      rows: rows
        .filter((row) => row.file === file)
        .map(({ line }) => handedInRow(parseLine(file, line))),
    }));
  }

  async greet(worker: WorkerSeen): Promise<void> {
    await greet(this.#options.database.pool, worker);
  }

  async workers(): ReturnType<Switchboard["workers"]> {
    return await readWorkers(this.#options.database.pool);
  }

  /** Appends rows to their files, whose ends are locked in one order for every process. */
  async #append(client: PoolClient, all: readonly FileRows[]): Promise<void> {
    const some = all.filter(({ rows }) => rows.length > 0);
    if (some.length === 0) return;
    const ledger = await LedgerTransaction.open(
      client,
      this.#options.ledger,
      some.map(({ file }) => file),
    );
    await citeAnew(some, async (file, rows) => (await ledger.append(file, rows)).rows);
    await ledger.flush();
  }

  async #touch(claim: Claim, client: Sql = this.#options.database.pool): Promise<boolean> {
    const queue = await this.#queueOf(claim, client);
    const touched = await this.#boss.touch(queue, fenceOf(claim), { db: sqlOf(client) });
    return affectedBy(touched) === 1;
  }

  async #queueOf({ id, job }: Claim, client: Sql): Promise<string> {
    if (job.machineClass === null) return ANY_CLASS;
    const { rows } = await client.query<{ name: string }>(
      `select name from ${SCHEMA}.job where ${IN_A_QUEUE} and id = $1`,
      [id],
    );
    return rows[0]?.name ?? queueOf(job.machineClass);
  }

  /** Whether an earlier try, whose answer was lost with its connection, has completed the claim. */
  async #isFinished({ id, delivery }: Claim, client: Sql): Promise<boolean> {
    const { rowCount } = await client.query(
      "select from counterbalance.deliveries where job_id = $1 and finished_delivery = $2",
      [id, delivery],
    );
    return rowCount === 1;
  }

  async #orNoRoom<Value>(work: (client: PoolClient) => Promise<Value>): Promise<Value | NoRoom> {
    try {
      return await this.#options.database.transaction(work);
    } catch (error) {
      if (error instanceof NoRoomError) return error.room;
      throw error;
    }
  }
}

/** The indexes of jobs begin with the queue's name: without it, a look reads all jobs or a whole index. */
const IN_A_QUEUE = `name = any(array(select name from ${SCHEMA}.queue))`;

const STATES: Readonly<Record<string, JobState["state"]>> = {
  created: "waiting",
  retry: "waiting",
  active: "active",
  completed: "done",
  cancelled: "cancelled",
};

function nameOf({ id, delivery }: Claim): string {
  return `${id}/${String(delivery)}`;
}

function fenceOf({ id, delivery }: Claim) {
  return { id, retryCount: delivery };
}

function sqlOf(client: Sql) {
  return {
    executeSql: async (text: string, values?: unknown[]) => await client.query(text, values),
  };
}

/** How many jobs a command of pg-boss has changed; its types leave the answer open. */
function affectedBy(response: object): number {
  return "affected" in response ? Number(response.affected) : 0;
}

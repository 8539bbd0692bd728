import type { PoolClient } from "pg";
import type { PgBoss } from "pg-boss";

import type { LedgerFile } from "../../../ledger/domain/ledger-file.ts";
import { parseLine } from "../../../ledger/store/last-row.ts";
import type { Database } from "../../../ledger/store/postgres/database.ts";
import type { LedgerParts } from "../../../ledger/store/postgres/ledger-transaction.ts";
import type { SeenHeads } from "../../../ledger/store/postgres/seen-heads.ts";
import type { Amounts } from "../../gateway/budgets/budget-unit.ts";
import {
  beginClaim,
  enterClaim,
  type Entered,
  finishClaim,
  orNoRoom,
  recordLate,
  takeClaim,
} from "./claim-functions.ts";
import { greet, readWorkers, type WorkerSeen } from "./greet.ts";
import { handedInRow } from "./handed-in-row.ts";
import { readStates } from "./job-states.ts";
import { isOpen, openSession, readOrder, readSessions, stopSession } from "./postgres-sessions.ts";
import { DEAD, DELIVERIES_MAX, queueOf, SCHEMA, TIMES } from "./queue-names.ts";
import {
  type Claim,
  type EndedAttempt,
  type FileRows,
  HISTORY_FILES,
  type JobState,
  type NoRoom,
  type OpenSession,
  type Order,
  type Seeker,
  type SessionStart,
  type Switchboard,
  type WindowJob,
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
    await this.prepareQueue(queueOf(session.experimentId, null));
    await this.#compared(async (client) => await openSession(client, session));
  }

  async stop(experimentId: string, why: string): Promise<void> {
    await this.#compared(async (client) => await stopSession(client, experimentId, why));
  }

  async orderOf(experimentId: string): Promise<Order> {
    return await readOrder(this.#options.database.pool, experimentId);
  }

  async sessions(): Promise<readonly OpenSession[]> {
    return await this.#compared(readSessions);
  }

  async reserve(
    experimentId: string,
    allowances: ReadonlyMap<string, Amounts>,
  ): Promise<NoRoom | null> {
    const given = [Object.fromEntries(allowances), this.#seen].map((one) => JSON.stringify(one));
    return await orNoRoom(async () => {
      await this.#call("select counterbalance.reserve($1, $2, $3)", [experimentId, ...given]);
      return null;
    });
  }

  async giveUp(experimentId: string, windows: readonly string[]): Promise<void> {
    const given = [experimentId, windows, JSON.stringify(this.#seen)];
    await this.#call("select counterbalance.give_up($1, $2, $3)", given);
  }

  async enqueue(job: WindowJob): Promise<string> {
    await this.prepareQueue(queueOf(job.experimentId, job.machineClass));
    for (;;) {
      const id = await this.#compared(async (client) => await this.#send(client, job));
      if (id !== null) return id;
    }
  }

  async statesOf(ids: readonly string[]): Promise<ReadonlyMap<string, JobState>> {
    return await this.#compared(async (client) => await readStates(client, ids));
  }

  async withdraw(ids: readonly string[]): Promise<void> {
    await this.#compared(async (client) => {
      await client.query(
        `update ${SCHEMA}.job j set state = 'cancelled', completed_on = now()
         from counterbalance.deliveries d
         where d.job_id = any($1::uuid[]) and j.name = d.queue and j.id = d.job_id and j.state = 'created'`,
        [ids],
      );
    });
  }

  async claim({ name, machineClass, experiments }: Seeker): Promise<Claim | null> {
    const named = experiments.flatMap((id) => [queueOf(id, machineClass), queueOf(id, null)]);
    const queues: string[] = [];
    for (const queue of named) if (await this.#isThere(queue)) queues.push(queue);
    if (queues.length === 0) return null;
    return await this.#options.database.transaction(async (client) => {
      for (const queue of queues) {
        const claim = await this.#take(client, queue, { name, machineClass });
        if (claim !== null) return claim;
      }
      return null;
    });
  }

  async keep(claim: Claim): Promise<boolean> {
    this.#seen.merge(claim.heads ?? {});
    return await this.#compared(async (client) => await this.#touch(claim, client));
  }

  async begin(claim: Claim, rows: readonly FileRows[]): Promise<"begun" | "lost" | NoRoom> {
    return await orNoRoom(
      async () =>
        await this.#recorded(claim, { rows }, async (client, entered) => {
          if (entered.state !== "held" || !(await this.#touch(claim, client))) return "lost";
          await beginClaim(client, claim, entered.ledger);
          return "begun";
        }),
    );
  }

  async finish(claim: Claim, { rows, spent, output }: EndedAttempt): Promise<"done" | "lost"> {
    return await this.#recorded(claim, { rows }, async (client, entered) => {
      if (entered.state !== "held") return entered.state;
      await finishClaim(client, claim, { spent, output, ledger: entered.ledger });
      const db = sqlOf(client);
      const completed = await this.#boss.complete(queueFor(claim), fenceOf(claim), null, { db });
      if (affectedBy(completed) === 1) return "done";
      throw new Error(`The job ${claim.id} was held and could not be completed.`);
    });
  }

  async recordLate(
    claim: Claim,
    { rows, spent }: Pick<EndedAttempt, "rows" | "spent">,
  ): Promise<void> {
    await this.#recorded(claim, { rows, isLate: true }, async (client, entered) => {
      if (entered.state !== "held") return;
      await recordLate(client, claim, { spent, ledger: entered.ledger });
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

  async #call(sql: string, values: readonly unknown[]): Promise<void> {
    await this.#options.database.connected(async (client) => await client.query(sql, [...values]));
  }

  get #seen(): SeenHeads {
    return this.#options.ledger.seen;
  }

  /** A transaction that does nothing on a database that lacks rows. */
  async #compared<Value>(work: (client: PoolClient) => Promise<Value>): Promise<Value> {
    return await this.#options.database.transaction(async (client) => {
      await client.query("select counterbalance.check_seen($1)", [JSON.stringify(this.#seen)]);
      return await work(client);
    });
  }

  /** A transaction that records a window. Its rows are remembered once they are durable. */
  async #recorded<Value>(
    claim: Claim,
    entering: Parameters<typeof enterClaim>[2],
    work: (client: PoolClient, entered: Entered) => Promise<Value>,
  ): Promise<Value> {
    const { database, ledger: parts } = this.#options;
    this.#seen.merge(claim.heads ?? {});
    const { value, entered } = await database.transaction(async (client) => {
      const state = await enterClaim(client, { claim, parts }, entering);
      return { value: await work(client, state), entered: state };
    });
    if (entered.state === "held") entered.ledger.committed();
    return value;
  }

  /** Returns the id of the job that waits or is being worked; null if another one has just been sent. */
  async #send(client: PoolClient, job: WindowJob): Promise<string | null> {
    const { experimentId, planned, machineClass } = job;
    const { window } = planned;
    const { rows } = await client.query<{ id: string }>(
      `select j.id from ${JOBS}
       where d.experiment_id = $1 and d.window_name = $2 and j.state <= 'active'`,
      [experimentId, window],
    );
    if (rows[0] !== undefined) return rows[0].id;
    const mayBegin = await isOpen(client, experimentId);
    const queue = queueOf(experimentId, machineClass);
    const singletonKey = `${experimentId}/${window}`;
    const shown = { experimentId, window };
    const db = sqlOf(client);
    const id = await this.#boss.send(queue, shown, { singletonKey, db });
    if (id === null) return null;
    if (!mayBegin) await this.#boss.cancel(queue, id, { db });
    await client.query(
      `insert into counterbalance.deliveries (job_id, experiment_id, window_name, queue, job, heads)
       values ($1, $2, $3, $4, $5, $6)`,
      [id, experimentId, window, queue, JSON.stringify(job), JSON.stringify(this.#seen)],
    );
    return id;
  }

  /** Fetches a job of a queue and takes it, or drops it if no coordinator has handed it out. */
  async #take(
    client: PoolClient,
    queue: string,
    { name, machineClass }: Pick<Seeker, "name" | "machineClass">,
  ): Promise<Claim | null> {
    const db = sqlOf(client);
    const [fetched] = await this.#boss.fetch(queue, { db });
    if (fetched === undefined) return null;
    const { id, retryCount: delivery } = fetched;
    const seeker = { name, machineClass, seen: this.#seen };
    const claim = await takeClaim(client, { id, delivery }, seeker);
    if (claim !== undefined) return claim;
    await this.#boss.cancel(queue, id, { db });
    return null;
  }

  async #isThere(queue: string): Promise<boolean> {
    if (this.#queues.has(queue)) return true;
    if ((await this.#boss.getQueue(queue)) === null) return false;
    this.#queues.add(queue);
    return true;
  }

  async #touch(claim: Claim, client: PoolClient): Promise<boolean> {
    const db = sqlOf(client);
    const touched = await this.#boss.touch(queueFor(claim), fenceOf(claim), { db });
    return affectedBy(touched) === 1;
  }
}

/** The jobs of deliveries. The indexes of jobs begin with the queue's name, so that it is always given. */
const JOBS = `counterbalance.deliveries d join ${SCHEMA}.job j on j.name = d.queue and j.id = d.job_id`;

function queueFor({ job }: Claim): string {
  return queueOf(job.experimentId, job.machineClass);
}

function fenceOf({ id, delivery }: Claim) {
  return { id, retryCount: delivery };
}

function sqlOf(client: Pick<PoolClient, "query">) {
  return {
    executeSql: async (text: string, values?: unknown[]) => await client.query(text, values),
  };
}

/** How many jobs a command of pg-boss has changed; its types leave the answer open. */
function affectedBy(response: object): number {
  return "affected" in response ? Number(response.affected) : 0;
}

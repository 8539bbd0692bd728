import { Socket } from "node:net";

import { Client, type ClientBase, Pool, type PoolClient, type PoolConfig } from "pg";

import { hasSchema, isMigrated, migrate } from "./migrations.ts";
import { refusePooler } from "./refuse-pooler.ts";
import type { StoreAddress } from "./store-address.ts";
import { explainDamage, explainStoreFailure, isOfConnection, storeLeft } from "./store-failure.ts";

export const CONNECTIONS_MAX = 4;
const CONNECT_MS = 10_000;
/** A machine that has vanished says nothing. */
const KEEP_ALIVE_MS = 10_000;
const QUERY_MS = 60_000;
/** A process that is paused within a transaction holds up all others, so that the server ends it. */
const SESSION = "set idle_in_transaction_session_timeout = '10s'";
/** A server that has stopped answers no farewell. */
const FAREWELL_MS = 5000;

/** The pool awaits `onConnect` before the first query of a connection, which its types don't say. */
type AwaitedConfig = Omit<PoolConfig, "onConnect"> & {
  readonly onConnect: (client: ClientBase) => Promise<void>;
};

/** Connections to a database whose schema is this version's. */
export class Database {
  readonly address: StoreAddress;
  readonly pool: Pool;
  readonly #options: AwaitedConfig;
  readonly #sockets = new Set<Socket>();
  #proof: Promise<void> | undefined;
  #ending: Promise<void> | undefined;

  constructor(address: StoreAddress, name = "counterbalance") {
    this.address = address;
    this.#options = {
      connectionString: address.url,
      max: CONNECTIONS_MAX,
      connectionTimeoutMillis: CONNECT_MS,
      application_name: name,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      query_timeout: QUERY_MS,
      stream: () => this.#makeSocket(),
      onConnect: async (client) => await this.#prepare(client),
    };
    this.pool = new Pool(this.#options);
    // An idle connection that the server closes is replaced by the next query.
    this.pool.on("error", ignore);
  }

  /** Whether any version of this program has prepared the database. */
  async hasLedger(): Promise<boolean> {
    return await this.connected(hasSchema);
  }

  /**
   * Migrates the schema if it is not this version's.
   * @throws StoreFailedError, SchemaVersionError, UnfitDatabaseError
   */
  async prepare(makeLedgerId: () => string): Promise<void> {
    await this.connected(async (client) => {
      if (!(await isMigrated(client))) await migrate(client, makeLedgerId);
    });
  }

  /** Runs work on one connection. */
  async connected<Value>(work: (client: PoolClient) => Promise<Value>): Promise<Value> {
    const client = await this.#connect();
    // An error outside of a query, as when the server ends the connection, also fails the query.
    client.on("error", ignore);
    let failure: unknown;
    try {
      return await work(client);
    } catch (error) {
      failure = error;
      throw explainDamage(this.address, error);
    } finally {
      client.off("error", ignore);
      client.release(isOfConnection(failure));
    }
  }

  /** Runs work in a transaction: all of it is durable, or nothing. */
  async transaction<Value>(work: (client: PoolClient) => Promise<Value>): Promise<Value> {
    return await this.connected(async (client) => {
      await client.query("begin");
      try {
        const value = await work(client);
        const { command } = await client.query("commit");
        // A statement has failed, and the work has gone on as if it had not.
        if (command !== "COMMIT") throw new Error(`The transaction ended with ${command}.`);
        return value;
      } catch (error) {
        await client.query("rollback").catch(() => undefined);
        throw error;
      }
    });
  }

  /** A connection outside of the pool, for what lasts as long as it does. */
  async connectAlone(): Promise<Client> {
    if (this.#ending !== undefined) throw storeLeft(this.address);
    const client = new Client(this.#options);
    client.on("error", ignore);
    await client.connect();
    return client;
  }

  /** Ends every connection at once. What runs on them fails, and so does every later call. */
  abandon(): void {
    void this.#end().catch(ignore);
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    const timer = setTimeout(() => this.abandon(), FAREWELL_MS);
    await this.#end().finally(() => clearTimeout(timer));
  }

  /** Not as a parameter of the connection, because PgBouncer takes only few of them. */
  async #prepare(client: ClientBase): Promise<void> {
    this.#proof ??= refusePooler(this.address, client, async () => await this.connectAlone());
    try {
      await this.#proof;
    } catch (error) {
      if (isOfConnection(error)) this.#proof = undefined;
      throw error;
    }
    await client.query(SESSION);
    await fixSettings(client);
  }

  #makeSocket(): Socket {
    const socket = new Socket();
    this.#sockets.add(socket);
    return socket.once("close", () => this.#sockets.delete(socket));
  }

  async #end(): Promise<void> {
    this.#ending ??= this.pool.end();
    await this.#ending;
  }

  async #connect(): Promise<PoolClient> {
    if (this.#ending !== undefined) throw storeLeft(this.address);
    try {
      return await this.pool.connect();
    } catch (error) {
      throw explainStoreFailure(this.address, error);
    }
  }
}

/**
 * Uses a database, and ends all connections to it.
 * @throws StoreFailedError in words for people, and what the work throws of its own.
 */
export async function withDatabase<Value>(
  address: StoreAddress,
  work: (database: Database) => Promise<Value>,
): Promise<Value> {
  const database = new Database(address);
  try {
    return await work(database);
  } catch (error) {
    throw explainStoreFailure(address, error);
  } finally {
    await database.close();
  }
}

/**
 * Fixes, for the life of a connection, what an operator may set otherwise. Acknowledged rows outlive a
 * kill of the server: `synchronous_commit` is at least `on`. Whoever waits for a lock then sees what its
 * holder wrote: that needs `read committed`.
 */
async function fixSettings(client: ClientBase): Promise<void> {
  await client.query(`
    select set_config('synchronous_commit', case setting when 'off' then 'on' else setting end, false),
      set_config('default_transaction_isolation', 'read committed', false)
    from current_setting('synchronous_commit') as setting`);
}

function ignore(): void {
  // The next query says it.
}

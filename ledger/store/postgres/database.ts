import { Pool, type PoolClient } from "pg";

import { hasSchema, isMigrated, migrate } from "./migrations.ts";
import type { StoreAddress } from "./store-address.ts";
import { explainStoreFailure, isOfConnection } from "./store-failure.ts";

const CONNECTIONS_MAX = 4;
const CONNECT_MS = 10_000;
/** A machine that has vanished says nothing. */
const KEEP_ALIVE_MS = 10_000;
const QUERY_MS = 60_000;
/** A process that is paused within a transaction holds up all others, so that the server ends it. */
const IDLE_IN_TRANSACTION_MS = 10_000;

/** Connections to a database whose schema is this version's. */
export class Database {
  readonly address: StoreAddress;
  readonly pool: Pool;

  constructor(address: StoreAddress, name = "counterbalance") {
    this.address = address;
    this.pool = new Pool({
      connectionString: address.url,
      max: CONNECTIONS_MAX,
      connectionTimeoutMillis: CONNECT_MS,
      application_name: name,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      query_timeout: QUERY_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    });
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
      throw error;
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

  async close(): Promise<void> {
    await this.pool.end();
  }

  async #connect(): Promise<PoolClient> {
    try {
      return await this.pool.connect();
    } catch (error) {
      throw explainStoreFailure(this.address, error);
    }
  }
}

function ignore(): void {
  // The next query says it.
}

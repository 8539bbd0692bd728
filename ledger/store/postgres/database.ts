import { Pool, type PoolClient } from "pg";

import { CounterbalanceError } from "../../domain/errors.ts";
import { EXIT } from "../../domain/exit-codes.ts";
import { hasSchema, isMigrated, migrate } from "./migrations.ts";
import type { StoreAddress } from "./store-address.ts";

/** The database can't be reached or refuses us. */
class StoreUnreachableError extends CounterbalanceError {
  readonly exitCode = EXIT.failed;
}

const CONNECTIONS_MAX = 4;
const CONNECT_MS = 10_000;

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
   * @throws StoreUnreachableError naming the address without its password.
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
        await client.query("commit");
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
      const reason = error instanceof Error ? error.message : String(error);
      throw new StoreUnreachableError(
        `${this.address.shown}: expected a database that takes connections, got: ${reason || "no answer"}. Check the address, the password and that the server runs.`,
        { cause: error },
      );
    }
  }
}

function ignore(): void {
  // The next query says it.
}

/** Classes of SQLSTATE: connection exceptions, and interventions of an operator such as a shutdown. */
const CONNECTION_CLASS = /^(?:08|57)/u;

/** Whether a failure says nothing about the work, so that the work may be tried again. */
export function isOfConnection(error: unknown): boolean {
  if (error instanceof StoreUnreachableError) return true;
  if (!(error instanceof Error)) return false;
  if (/connection terminated|not queryable|socket hang up/iu.test(error.message)) return true;
  if (!("code" in error)) return false;
  const code = String(error.code);
  return CONNECTION_CLASS.test(code) || /^E[A-Z]{3,}$/u.test(code);
}

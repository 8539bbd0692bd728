import { setTimeout as sleep } from "node:timers/promises";

import type { Client, ClientBase } from "pg";

import { UsageError } from "../../domain/errors.ts";
import type { StoreAddress } from "./store-address.ts";

/** A pooler between this program and the database keeps no session. */
class PoolerError extends UsageError {}

const ROUNDS = 3;
/** A pooler that keeps sessions may have no more connections to give. */
const ANSWER_MS = 5000;

/**
 * Refuses PgBouncer in transaction mode, and any pooler like it: locks, settings and notifications of a
 * session do not last there. Such a pooler gives the same connection of the server to two clients.
 * @param connectAlone - Opens another connection.
 */
export async function refusePooler(
  { shown }: StoreAddress,
  client: ClientBase,
  connectAlone: () => Promise<Client>,
): Promise<void> {
  const own = await backendOf(client);
  if (own === announcedTo(client)) return;
  const other = await connectAlone();
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const theirs = await Promise.race([backendOf(other), sleep(ANSWER_MS)]);
      if (theirs === undefined) return;
      if (theirs !== own && (await backendOf(client)) === own) continue;
      throw new PoolerError(
        `${shown}: expected a database that keeps a session for each connection, got PgBouncer in transaction or statement mode, or a pooler like it. ` +
          `Set pool_mode = session for this database there, or give the address of PostgreSQL itself.`,
      );
    }
  } finally {
    other.connection.stream.destroy();
  }
}

/** The process of the server that works for a connection now. */
async function backendOf(client: ClientBase): Promise<number | undefined> {
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  return rows[0]?.pid;
}

/** The process that the connection was told when it began; a pooler states a number of its own. */
function announcedTo(client: ClientBase): unknown {
  return Reflect.get(client, "processID");
}

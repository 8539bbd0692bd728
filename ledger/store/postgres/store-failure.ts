import { DatabaseError } from "pg";

import { CounterbalanceError, DamagedError, FailedError } from "../../domain/errors.ts";
import type { StoreAddress } from "./store-address.ts";

/** The database can't be reached, or refuses us. */
class StoreFailedError extends FailedError {}

/** The database has other rows than it once had. */
export class StoreDamagedError extends DamagedError {}

/** Our own functions say so if the database lacks a row that a process has seen. */
const LACKS_SEEN = "CB006";

/**
 * The SQLSTATEs of what passes: connection exceptions, lost races, too many connections, interventions of
 * an operator such as a shutdown, and the end of a transaction whose client was paused.
 */
const PASSING = /^(?:08|40|53300|57|25P03)/u;
const PASSING_CALLS: ReadonlySet<string> = new Set([
  "EAI_AGAIN",
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
]);
const LOST =
  /connection terminated|not queryable|socket hang up|query read timeout|timeout exceeded/iu;

/** Why a database that is restarted does not answer: its server takes no connections or drops them, or it recovers. */
export type Delay = "refusing" | "starting";

/** SQLSTATE of a server that starts, recovers or ends. */
const CANNOT_CONNECT_NOW = "57P03";
/** How connections fail while their server ends, and before it listens again. */
const REFUSALS: ReadonlySet<string> = new Set([
  "57P01",
  "57P02",
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
]);

/** What keeps a database from answering that may be there soon; undefined for any other failure. */
export function delayOf(error: unknown): Delay | undefined {
  if (error instanceof StoreFailedError) return delayOf(error.cause);
  if (!(error instanceof Error)) return undefined;
  const code = "code" in error ? String(error.code) : "";
  if (code === CANNOT_CONNECT_NOW) return "starting";
  const isCut = LOST.test(error.message) || REFUSALS.has(code) || isSocketGone(error);
  return isCut ? "refusing" : undefined;
}

/** A server that does not run has no Unix socket. */
function isSocketGone(error: Error): boolean {
  return (
    "syscall" in error && error.syscall === "connect" && "code" in error && error.code === "ENOENT"
  );
}

/** Whether a failure says nothing about the work, so that the work may be tried again. */
export function isOfConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof StoreFailedError) return isOfConnection(error.cause);
  if (LOST.test(error.message) || isSocketGone(error)) return true;
  if (!("code" in error)) return false;
  const code = String(error.code);
  return error instanceof DatabaseError ? PASSING.test(code) : PASSING_CALLS.has(code);
}

const CHECK = "Check the address, the password and that the server runs.";

/** What to do, by the code of the failure or by its beginning. */
const ADVICE: Readonly<Record<string, string>> = {
  "28": "Check the user and the password in the address, in PGPASSWORD or in ~/.pgpass.",
  "3D": "Make the database, or check its name in the address.",
  "42501":
    'Let its owner give you rights: grant counterbalance_recorder to USER. For "experiment worker": grant counterbalance_worker to USER.',
  "53100": "Make room on the server's disk. Nothing of the last rows was kept.",
  "53300": "Let the server take more connections (max_connections), or start fewer workers.",
  "25006": "Name the server that takes writes, not one that follows it.",
};

const CERTIFICATE = /certificate|self-signed|altnames|unable to verify|does not support SSL/iu;

/** Names an older copy of the database; other errors stay as they are. */
export function explainDamage({ shown }: StoreAddress, error: unknown): unknown {
  if (!(error instanceof DatabaseError) || error.code !== LACKS_SEEN) return error;
  return new StoreDamagedError(
    `${shown}: expected ${error.detail ?? "every row"} as this process has seen it, got none or another one. ` +
      `The database is an older copy of itself: it was restored, or another server took over without the last rows. ` +
      `Nothing was written. Bring the server back that has the rows, or restore a newer copy.`,
    { cause: error },
  );
}

/** The failure of a database in words for people; other errors stay as they are. */
export function explainStoreFailure({ shown }: StoreAddress, error: unknown): unknown {
  if (error instanceof CounterbalanceError || !(error instanceof Error)) return error;
  const isTrust = CERTIFICATE.test(error.message);
  if (!isTrust && !(error instanceof DatabaseError) && !isOfConnection(error)) return error;
  const reason = error.message === "" ? "no answer" : error.message;
  return new StoreFailedError(
    `${shown}: expected a database that takes the ledger's rows, got: ${reason}. ${isTrust ? TRUST : adviceFor(error)}`,
    { cause: error },
  );
}

/** A call of a store whose connections have been ended. */
export function storeLeft({ shown }: StoreAddress): Error {
  return new StoreFailedError(`${shown}: the connection to the database was given up.`);
}

/** The same for rows that were tried until no time was left: one of the tries may have written them. */
export function explainLostAppend(address: StoreAddress, error: unknown): unknown {
  const explained = explainStoreFailure(address, error);
  if (!(explained instanceof StoreFailedError) || !isOfConnection(error)) return explained;
  const message = `${explained.message} Whether the last rows were kept is not known.`;
  return new StoreFailedError(message, { cause: error });
}

const TRUST =
  "Check that the host is the one in the server's certificate, and that sslrootcert names the file of the authority that signed it.";

function adviceFor(error: Error): string {
  const code = "code" in error ? String(error.code) : "";
  return ADVICE[code] ?? ADVICE[code.slice(0, 2)] ?? CHECK;
}

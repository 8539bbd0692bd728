import { hash } from "node:crypto";

import { CounterbalanceError } from "../../domain/errors.ts";
import { EXIT } from "../../domain/exit-codes.ts";

/** The address of a store can't be used as it is. */
class StoreAddressError extends CounterbalanceError {
  readonly exitCode = EXIT.usage;
}

const KEY_CHARS = 12;

/** A PostgreSQL database that holds a ledger. */
export interface StoreAddress {
  /** With its password, if it has one; never shown. */
  readonly url: string;
  /** Without password, for people. */
  readonly shown: string;
  readonly hasPassword: boolean;
  /** The same for each address of the same database, whoever logs in. Safe as a file name. */
  readonly key: string;
}

/**
 * Reads `postgres://user@host:port/database?sslmode=verify-full`.
 * @throws StoreAddressError naming what is wrong, without the password.
 */
export function readStoreAddress(url: string, origin: string): StoreAddress {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const database = parsed?.pathname.slice(1) ?? "";
  if (parsed === undefined || !/^postgres(?:ql)?:$/u.test(parsed.protocol) || database === "") {
    throw new StoreAddressError(
      `${origin}: expected an address such as postgres://user@host:5432/database, got something else. Write the name of the database behind the host.`,
    );
  }
  refuseWeakTrust(parsed, origin);
  const shown = new URL(url);
  shown.password = "";
  shown.searchParams.delete("password");
  const host = parsed.searchParams.get("host") ?? parsed.hostname;
  const port = parsed.port === "" ? "5432" : parsed.port;
  const key = hash("sha256", `${host}|${port}|${database}`, "hex").slice(0, KEY_CHARS);
  return { url, shown: shown.href, hasPassword: hasPassword(parsed), key };
}

/** The driver and psql mean different things by the other modes, so that none of them is clear. */
const SSL_MODES: ReadonlySet<string | null> = new Set([null, "disable", "verify-full"]);

function refuseWeakTrust({ searchParams }: URL, origin: string): void {
  const mode = searchParams.get("sslmode");
  if (SSL_MODES.has(mode)) return;
  throw new StoreAddressError(
    `${origin}: expected sslmode=verify-full, or sslmode=disable on this machine, got sslmode=${mode}. Only verify-full checks who answers.`,
  );
}

/**
 * Every user of a machine sees the command lines of its processes.
 * @throws StoreAddressError if the address has a password.
 */
export function refusePassword(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !hasPassword(parsed)) return;
  throw new StoreAddressError(
    "--store: expected an address without a password, because other users can see the command line. " +
      "Put the password into ~/.pgpass or PGPASSWORD, or the whole address into COUNTERBALANCE_STORE.",
  );
}

function hasPassword({ password, searchParams }: URL): boolean {
  return password !== "" || searchParams.has("password");
}

import { hash, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";

import { UsageError } from "../../domain/errors.ts";

/** The address of a store can't be used as it is. */
class StoreAddressError extends UsageError {}

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
 * Reads `postgres://user@host:port/database?sslmode=verify-full`, and the files that it names.
 * @throws StoreAddressError naming what is wrong, without the password.
 */
export function readStoreAddress(url: string, origin: string): StoreAddress {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const database = parsed?.pathname.slice(1) ?? "";
  if (parsed === undefined || !/^postgres(?:ql)?:$/u.test(parsed.protocol) || database === "") {
    throw new StoreAddressError(
      `${origin}: expected an address such as postgres://user@host:5432/database, got something else. Write the name of the database after the host.`,
    );
  }
  refuseDoubled(parsed, origin);
  refuseWeakTrust(parsed, origin);
  refuseUnreadable(parsed, origin);
  const shown = new URL(url);
  shown.password = "";
  shown.searchParams.delete("password");
  const host = parsed.searchParams.get("host") ?? parsed.hostname;
  const port = parsed.searchParams.get("port") ?? (parsed.port === "" ? "5432" : parsed.port);
  const key = hash("sha256", `${host}|${port}|${database}`, "hex").slice(0, KEY_CHARS);
  return { url, shown: shown.href, hasPassword: hasPassword(parsed), key };
}

/** The driver would silently take the last of them, or the one after the database. */
function refuseDoubled(
  { hostname: host, port, username: user, password, searchParams }: URL,
  origin: string,
): void {
  const before = Object.entries({ host, port, user, password }).filter(([, value]) => value !== "");
  const names = [...before.map(([name]) => name), ...searchParams.keys()];
  const doubled = names.find((name, index) => names.indexOf(name) !== index);
  if (doubled === undefined) return;
  throw new StoreAddressError(
    `${origin}: expected each part of the address once, got two of "${doubled}". Leave one of them out.`,
  );
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

const FILES = ["sslrootcert", "sslcert", "sslkey"] as const;

/** @throws StoreAddressError naming the file, which the driver would only read when it connects. */
function refuseUnreadable({ searchParams }: URL, origin: string): void {
  for (const name of FILES) {
    const file = searchParams.get(name);
    if (file === null) continue;
    const fault = faultOf(name, file);
    if (fault === undefined) continue;
    const mend =
      name === "sslrootcert"
        ? "Correct the path, or leave it out to trust the authorities that Node.js knows."
        : "Correct the path.";
    throw new StoreAddressError(
      `${origin}: expected ${name} to be a file in PEM, got ${file === "" ? "nothing" : file}: ${fault}. ${mend}`,
    );
  }
}

function faultOf(name: (typeof FILES)[number], file: string): string | undefined {
  try {
    const text = readFileSync(file);
    if (name === "sslkey") return undefined;
    return new X509Certificate(text).raw.length === 0 ? NO_CERTIFICATE : undefined;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    return FAULTS[code] ?? NO_CERTIFICATE;
  }
}

const NO_CERTIFICATE = "it has no certificate";
const FAULTS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "this user may not read it",
  EISDIR: "it is a folder",
};

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

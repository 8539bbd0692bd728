import {
  chmodSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

import { parseJson } from "../../ledger/domain/parse-json.ts";
import type { Credential } from "../config/configuration.ts";
import type { Driver, LoginFile } from "../drivers/driver.ts";
import type { Environment } from "../environment.ts";
import { member } from "../proxy/metering/json-value.ts";

/** The user's log-in for one attempt. */
export interface LentLogin {
  /** Undefined if the agent gets no log-in. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Hosts that renew the log-in. */
  readonly hosts: readonly string[];
  /** Texts that nothing may keep, also those of a renewed log-in. */
  secrets(): readonly string[];
  /** Writes back what was renewed and removes the copy. */
  end(): void;
}

/** The provider whose agent may get a log-in. */
interface Borrower {
  readonly provider: { readonly credential: Pick<Credential, "mode"> };
  readonly driver: Pick<Driver, "findLogin">;
}

const NO_LOGIN: LentLogin = { hosts: [], secrets: () => [], end: () => {} };
const OWNER_ONLY = 0o600;
const WATCH_MS = 1000;

/**
 * Lends an agent the user's own log-in. A log-in that the agent may have to renew is a copy of the file that
 * holds it. Only one attempt at a time has such a copy, because a renewal makes every other copy worthless.
 */
export async function lendLogin(
  { provider, driver }: Borrower,
  home: string,
  environment: Environment,
): Promise<LentLogin> {
  if (provider.credential.mode !== "inherit") return NO_LOGIN;
  for (;;) {
    const login = await driver.findLogin?.(environment);
    if (login?.found !== true) return NO_LOGIN;
    const { variables, file } = login;
    const given = Object.values(variables);
    if (file === undefined) return { ...NO_LOGIN, variables, secrets: () => given };
    const before = inUse.get(file.source);
    if (before === undefined) {
      const lent = lendFile(file, home);
      return { ...lent, variables, secrets: () => [...given, ...lent.secrets()] };
    }
    // The attempt before may have renewed it, so it is read anew.
    await before;
  }
}

/** The files that an attempt has a copy of, with the end of the attempt. */
const inUse = new Map<string, Promise<void>>();

function lendFile({ source, name, hosts }: LoginFile, home: string) {
  const copy = path.join(home, name);
  const place = realpathSync(source);
  let known = readFileSync(place, "utf8");
  mkdirSync(path.dirname(copy), { recursive: true });
  writeFileSync(copy, known, { mode: OWNER_ONLY });
  const secrets = new Set(secretsOf(known));
  const { promise, resolve } = Promise.withResolvers<void>();
  inUse.set(source, promise);
  const look = () => {
    const renewed = readCopy(copy);
    if (renewed === undefined || renewed === known) return;
    for (const secret of secretsOf(renewed)) secrets.add(secret);
    const next = JSON.stringify(renewedLogin(parseJson(known), parseJson(renewed)));
    // The user's own client may have renewed it too; then its log-in stays.
    if (next === undefined || next === known || readFileSync(place, "utf8") !== known) return;
    replaceFile(place, next);
    known = next;
  };
  const watch = setInterval(look, WATCH_MS);
  watch.unref();
  return {
    hosts,
    secrets: () => [...secrets],
    end: () => {
      clearInterval(watch);
      try {
        look();
      } finally {
        rmSync(copy, { force: true });
        inUse.delete(source);
        resolve();
      }
    },
  };
}

/** A crash leaves the old log-in or the new one, never a part. */
function replaceFile(file: string, text: string): void {
  const next = `${file}.${String(process.pid)}.tmp`;
  writeFileSync(next, text, { mode: OWNER_ONLY });
  chmodSync(next, OWNER_ONLY);
  renameSync(next, file);
}

const BYTES_MAX = 1024 * 1024;

/** The agent could put a link or a pipe in the place of its copy. Neither is read. */
function readCopy(copy: string): string | undefined {
  const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants;
  let file: number | undefined;
  try {
    file = openSync(copy, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
    const text = readFileSync(file, "utf8");
    return text.length <= BYTES_MAX ? text : undefined;
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

const SECRET_CHARACTERS_MIN = 12;

/** Every long text of a file in JSON. */
function secretsOf(text: string): readonly string[] {
  const secrets: string[] = [];
  const collect = (value: unknown): void => {
    if (typeof value === "string" && value.length >= SECRET_CHARACTERS_MIN) secrets.push(value);
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(collect);
  };
  collect(parseJson(text));
  return secrets;
}

/**
 * The known log-in with the texts and numbers of the copy; undefined if the copy lacks one of them. A client
 * may add fields and change lists when it renews a log-in. These are left out, because an agent may not
 * write anything else into the user's file.
 */
function renewedLogin(known: unknown, copy: unknown): unknown {
  if (known === null || copy === null || Array.isArray(known)) return known;
  if (typeof known !== typeof copy || Array.isArray(copy)) return undefined;
  if (typeof known !== "object") return copy;
  const fields = Object.entries(known).map(
    ([name, value]) => [name, renewedLogin(value, member(copy, name))] as const,
  );
  const isWhole = fields.every(([, value]) => value !== undefined);
  return isWhole ? Object.fromEntries(fields) : undefined;
}

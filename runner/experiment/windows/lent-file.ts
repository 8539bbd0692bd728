import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from "node:fs";

import type { LoginFile, LoginRenewal } from "../../agents/drivers/driver.ts";
import type { Issued, Renewal } from "../../gateway/proxy/renewal/renewal.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { member, parseJson, valueAt } from "../../platform/json/json-value.ts";
import type { NoticedAnomaly } from "./window-worker.ts";

const KEPT = "The log-in on this machine was not changed.";
const AGAIN = "If the client on this machine refuses its log-in, log in again.";

/** What a person has to know of a lent log-in. */
const NOTICES = {
  foreign: `The vendor issued tokens for another token than the lent one. They were dropped. ${KEPT}`,
  refused: "The vendor refused to renew the lent log-in.",
  unusable: `The vendor's answer to a renewal can't be used. ${KEPT} ${AGAIN}`,
  changed: `Somebody changed the log-in on this machine while it was lent. A renewal was dropped. ${KEPT}`,
  unwritten: `The renewed log-in can't be written. ${AGAIN}`,
  swapped: `The agent put other tokens into its copy of the log-in. They were dropped. ${KEPT}`,
};

type LentEnvironment = Pick<Environment, "clock" | "randomId">;

/**
 * The user's file of a log-in that is lent. It changes only by tokens that the vendor issued to somebody who presented
 * the lent refresh token, or one that the vendor issued in its place. Nothing that the agent writes gets into it.
 */
export class LentFile {
  /** What the agent gets a copy of. */
  readonly text: string;
  readonly #place: string;
  readonly #renewal: LoginRenewal;
  readonly #environment: LentEnvironment;
  /** The lent refresh token and its successors. */
  readonly #successors = new Set<string>();
  readonly #secrets: Set<string>;
  readonly #notices = new Map<keyof typeof NOTICES, number>();

  constructor({ source, renewal }: LoginFile, environment: LentEnvironment) {
    this.#place = realpathSync(source);
    this.#renewal = renewal;
    this.#environment = environment;
    this.text = readFileSync(this.#place, "utf8");
    const known = parseJson(this.text);
    this.#secrets = new Set(secretsIn(known));
    const token = valueAt(known, renewal.refreshToken);
    if (typeof token === "string") this.#successors.add(token);
  }

  get secrets(): readonly string[] {
    return [...this.#secrets];
  }

  /** Takes what the vendor answered to a request for tokens. */
  take({ presented, issued, status }: Renewal): void {
    for (const secret of [presented, ...Object.values(issued ?? {})]) {
      if (isSecret(secret)) this.#secrets.add(secret);
    }
    const isLent = presented !== null && this.#successors.has(presented);
    if (issued !== null) {
      if (!isLent) return this.notice("foreign");
      if (issued.refresh_token !== undefined) this.#successors.add(issued.refresh_token);
      return this.#keep(issued);
    }
    if (isLent) this.notice(status >= REFUSED ? "refused" : "unusable");
  }

  notice(why: keyof typeof NOTICES): void {
    this.#notices.set(why, (this.#notices.get(why) ?? 0) + 1);
  }

  notices(): readonly NoticedAnomaly[] {
    return [...this.#notices].map(([why, count]) => {
      return { kind: `login-${why}`, observed: { count }, action: NOTICES[why] };
    });
  }

  /** Whether these are tokens that were lent or renewed, or none. */
  knows(tokens: readonly string[]): boolean {
    return tokens.every((token) => token === "" || this.#secrets.has(token));
  }

  #keep(issued: Issued): void {
    try {
      const own = readOwn(this.#place);
      const known = parseJson(own.text);
      const current = valueAt(known, this.#renewal.refreshToken);
      // The user may have logged in again, or the user's own client has renewed it.
      if (typeof current !== "string" || !this.#successors.has(current)) {
        return this.notice("changed");
      }
      const text = writtenAs(own.text, this.#renewed(known, issued));
      replaceFile(this.#place, { stats: own.stats, text }, this.#environment);
    } catch {
      this.notice("unwritten");
    }
  }

  #renewed(known: unknown, { access_token, refresh_token, expires_in }: Issued): unknown {
    const { accessToken, refreshToken, expiresAt } = this.#renewal;
    const expires =
      expires_in === undefined
        ? undefined
        : this.#environment.clock.nowMs() + expires_in * MS_PER_SECOND;
    const changes = [
      [accessToken, access_token],
      [refreshToken, refresh_token],
      [expiresAt, expires],
    ] as const;
    return changes.reduce<unknown>(
      (login, [place = [], value]) =>
        value === undefined ? login : withValue(login, place, value),
      known,
    );
  }
}

const REFUSED = 400;
const PERMISSIONS = 0o7777;
const MS_PER_SECOND = 1000;

function withValue(
  value: unknown,
  [name = "", ...rest]: readonly string[],
  leaf: string | number,
): unknown {
  if (typeof value !== "object" || value === null) return value;
  const inner = rest.length === 0 ? leaf : withValue(member(value, name), rest, leaf);
  return { ...value, [name]: inner };
}

/** With the line breaks and the indents of the text before. */
function writtenAs(before: string, value: unknown): string {
  const indent = /^\{\r?\n(?<indent>[ \t]+)/u.exec(before)?.groups?.["indent"];
  return JSON.stringify(value, null, indent) + (/\n$/u.exec(before)?.[0] ?? "");
}

const SECRET_CHARACTERS_MIN = 12;

function isSecret(value: unknown): value is string {
  return typeof value === "string" && value.length >= SECRET_CHARACTERS_MIN;
}

/** Every text of a log-in that may be a secret. */
function secretsIn(value: unknown): readonly string[] {
  if (isSecret(value)) return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(secretsIn) : [];
}

interface OwnFile {
  readonly text: string;
  readonly stats: Pick<Stats, "mode" | "uid" | "gid">;
}

function readOwn(place: string): OwnFile {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const file = openSync(place, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    return { stats: fstatSync(file), text: readFileSync(file, "utf8") };
  } finally {
    closeSync(file);
  }
}

/** A crash leaves the old log-in or the new one, never a part. */
function replaceFile(
  place: string,
  { text, stats: { mode, uid, gid } }: OwnFile,
  { randomId }: LentEnvironment,
): void {
  const draft = `${place}.${randomId()}`;
  const file = openSync(draft, "wx", 0o600);
  try {
    writeFileSync(file, text);
    fchownSync(file, uid, gid);
    fchmodSync(file, mode & PERMISSIONS);
    fsyncSync(file);
    renameSync(draft, place);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

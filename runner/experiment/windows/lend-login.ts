import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import type { Driver, LoginFile } from "../../agents/drivers/driver.ts";
import type { Renewals } from "../../gateway/proxy/renewal/renewal.ts";
import type { Credential } from "../../plan/config/configuration.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { removeCopy } from "./lent-copy.ts";
import { LentFile } from "./lent-file.ts";
import { noticeLeftOut } from "./notice-left-out.ts";
import type { NoticedAnomaly } from "./window-worker.ts";

/** The user's log-in for one attempt. */
export interface LentLogin {
  /** Undefined if the agent gets no log-in. */
  readonly variables?: Readonly<Record<string, string>>;
  /** How the agent renews it; absent if it can't. */
  readonly renewals?: Omit<Renewals, "authority">;
  /** Texts that nothing may keep, also those of a renewed log-in. */
  secrets(): readonly string[];
  /** Removes the agent's copy. Resolves to what is to be said about the log-in. */
  end(): Promise<readonly NoticedAnomaly[]>;
}

/** The provider whose agent may get a log-in. */
interface Borrower {
  readonly provider: { readonly credential: Pick<Credential, "mode"> };
  readonly driver: Pick<Driver, "findLogin">;
}

const NO_LOGIN: LentLogin = { secrets: () => [], end: async () => [] };
const OWNER_ONLY = 0o600;

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
      const lent = lendFile(file, home, environment);
      return { ...lent, variables, secrets: () => [...given, ...lent.secrets()] };
    }
    // The attempt before may have renewed it, so it is read again.
    await before;
  }
}

/** The files that an attempt has a copy of, with the end of the attempt. */
const inUse = new Map<string, Promise<void>>();

function lendFile(file: LoginFile, home: string, environment: Environment) {
  const { source, name, renewal } = file;
  const copy = path.join(home, name);
  const own = new LentFile(file, environment);
  mkdirSync(path.dirname(copy), { recursive: true });
  writeFileSync(copy, own.text, { mode: OWNER_ONLY });
  const { promise, resolve } = Promise.withResolvers<void>();
  inUse.set(source, promise);
  const { hosts, path: renewalPath, accessToken, refreshToken } = renewal;
  return {
    renewals: { hosts, path: renewalPath, take: (renewed) => own.take(renewed) },
    secrets: () => own.secrets,
    end: async () => {
      try {
        const tokens = [accessToken, refreshToken];
        const { value, leftOut } = await removeCopy({ home, name, tokens });
        if (!own.knows(value ?? [])) own.notice("swapped");
        return [...own.notices(), ...noticeLeftOut("The copy of the log-in was not read", leftOut)];
      } finally {
        inUse.delete(source);
        resolve();
      }
    },
  } satisfies LentLogin;
}

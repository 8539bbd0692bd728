import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import type { Environment } from "../environment.ts";
import type { DriverLogin } from "./driver.ts";

/** A login in the environment is passed on as it is; Claude Code chooses among several as always. */
const LOGIN_VARIABLES = ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"];

const CredentialsFile = z.looseObject({
  claudeAiOauth: z.looseObject({
    accessToken: z.string().min(1),
    /** Milliseconds since the Unix epoch. */
    expiresAt: z.number().optional(),
  }),
});

const MEND =
  "Run `claude setup-token` and set CLAUDE_CODE_OAUTH_TOKEN to what it prints; it is good for a year.";

/**
 * The user's own Claude Code login, for `auth: inherit`: from the environment, or the access token
 * of the login that Claude Code keeps in its configuration folder.
 *
 * Only the access token is taken. With the whole credentials file an agent would renew the login
 * on its own, and since a renewal revokes what was there before, log the user out. An access token
 * lasts hours, not days, so it is read anew for every window. On macOS the login lies in the
 * keychain, which is not opened: there the environment has to hold it.
 */
export async function findClaudeLogin(
  environment: Pick<Environment, "variables" | "clock">,
): Promise<DriverLogin> {
  const { variables, clock } = environment;
  const given = LOGIN_VARIABLES.flatMap((name): [string, string][] => {
    const value = variables[name];
    return value === undefined || value === "" ? [] : [[name, value]];
  });
  if (given.length > 0) return { found: true, variables: Object.fromEntries(given) };

  const file = credentialsFile(variables);
  const oauth = await readCredentials(file);
  if (oauth === undefined) {
    return {
      found: false,
      lacks: `a Claude Code login (none in the environment or ${file})`,
      mend: MEND,
    };
  }
  if (oauth.expiresAt !== undefined && oauth.expiresAt <= clock.nowMs()) {
    const mend = `Start \`claude\` once, which renews the login. ${MEND}`;
    return {
      found: false,
      lacks: `a Claude Code login that still holds: ${file} has expired`,
      mend,
    };
  }
  return { found: true, variables: { CLAUDE_CODE_OAUTH_TOKEN: oauth.accessToken } };
}

function credentialsFile(variables: Environment["variables"]): string {
  const folder = variables["CLAUDE_CONFIG_DIR"] ?? join(variables["HOME"] ?? "/", ".claude");
  return join(folder, ".credentials.json");
}

async function readCredentials(
  file: string,
): Promise<z.infer<typeof CredentialsFile>["claudeAiOauth"] | undefined> {
  try {
    const parsed = CredentialsFile.safeParse(JSON.parse(await readFile(file, "utf8")));
    return parsed.data?.claudeAiOauth;
  } catch {
    return undefined;
  }
}

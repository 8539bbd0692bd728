import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import type { Environment } from "../../platform/environment/environment.ts";
import { parseJson } from "../../platform/json/json-value.ts";
import type { DriverLogin, LoginRenewal } from "./driver.ts";

/** The agent gets all of these that are set; Claude Code itself chooses among them. */
const LOGIN_VARIABLES = ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"];

const CredentialsFile = z.looseObject({
  claudeAiOauth: z.looseObject({
    accessToken: z.string().min(1),
    refreshToken: z.string().min(1).optional(),
    /** Milliseconds since the Unix epoch. */
    expiresAt: z.number().optional(),
  }),
});

/** A window rarely takes longer. */
const WINDOW_MS = 45 * 60_000;
const NAME = ".claude/.credentials.json";

/** As Claude Code 2.1 asks and writes it. */
const RENEWAL: LoginRenewal = {
  hosts: ["platform.claude.com"],
  path: "/v1/oauth/token",
  accessToken: ["claudeAiOauth", "accessToken"],
  refreshToken: ["claudeAiOauth", "refreshToken"],
  expiresAt: ["claudeAiOauth", "expiresAt"],
};

const MEND =
  "Run `claude setup-token` and set CLAUDE_CODE_OAUTH_TOKEN to what it prints; it is valid for a year.";

/**
 * Finds the user's own Claude Code login for `auth: inherit`: in the environment, or as the access
 * token that Claude Code keeps in its configuration folder.
 *
 * It takes only the access token as long as that outlasts a window. With the whole file an agent can renew
 * the login, which makes every other copy worthless, so an agent gets the file only if the token ends soon.
 * The login is read again for every window. macOS keeps it in the keychain, which this does not open; there it
 * must be in the environment.
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
  const { accessToken, refreshToken, expiresAt = Infinity } = oauth;
  const leftMs = expiresAt - clock.nowMs();
  if (leftMs < WINDOW_MS && refreshToken !== undefined) {
    return { found: true, variables: {}, file: { source: file, name: NAME, renewal: RENEWAL } };
  }
  if (leftMs <= 0) {
    return {
      found: false,
      lacks: `a valid Claude Code login: ${file} has expired`,
      mend: `Start \`claude\` once, which renews the log-in. ${MEND}`,
    };
  }
  return { found: true, variables: { CLAUDE_CODE_OAUTH_TOKEN: accessToken } };
}

function credentialsFile(variables: Environment["variables"]): string {
  const folder = variables["CLAUDE_CONFIG_DIR"] ?? join(variables["HOME"] ?? "/", ".claude");
  return join(folder, ".credentials.json");
}

async function readCredentials(file: string) {
  const text = await readFile(file, "utf8").catch(() => "");
  return CredentialsFile.safeParse(parseJson(text)).data?.claudeAiOauth;
}

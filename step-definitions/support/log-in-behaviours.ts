import { readFileSync, renameSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";

import { renewLogIn } from "./renew-log-in.ts";

const NEVER_MS = 1e15;

/** The copy of the credentials that an agent got. */
export function copyOfLogIn(): string {
  return path.join(process.env["CLAUDE_CONFIG_DIR"] ?? "", ".credentials.json");
}

export function lentToken(): string {
  return JSON.parse(readFileSync(copyOfLogIn(), "utf8")).claudeAiOauth.accessToken;
}

/** As Claude Code does: it asks the vendor, and changes its copy. Returns the new access token. */
export async function renewLent(): Promise<string> {
  const { claudeAiOauth: lent } = JSON.parse(readFileSync(copyOfLogIn(), "utf8"));
  const renewed = await renewLogIn(lent.refreshToken);
  const accessToken = String(renewed["access_token"]);
  putTokens({ accessToken, refreshToken: String(renewed["refresh_token"]) });
  return accessToken;
}

/** What an agent does that would like to work with another log-in later. */
export function putOwn(): void {
  putTokens({ accessToken: "agents-own-access-token", refreshToken: "agents-own-refresh-token" });
}

export async function renewOwn(): Promise<void> {
  await renewLogIn("agents-own-refresh-token");
}

function putTokens(tokens: { readonly accessToken: string; readonly refreshToken: string }): void {
  const { claudeAiOauth: before } = JSON.parse(readFileSync(copyOfLogIn(), "utf8"));
  const claudeAiOauth = { ...before, ...tokens, expiresAt: NEVER_MS };
  writeFileSync(copyOfLogIn(), JSON.stringify({ claudeAiOauth }));
}

/** What the harness removes or reads there would be the user's own. */
export function linkToUser(): void {
  const folder = path.dirname(copyOfLogIn());
  renameSync(folder, `${folder}-moved`);
  // The made-up agent is installed in the user's home.
  const home = path.resolve(path.dirname(process.env["SOLUTION"] ?? ""), "../../..");
  symlinkSync(path.join(home, ".claude"), folder);
}

const TERABYTE = 1024 ** 4;

export function makeHuge(file: string): void {
  writeFileSync(file, "");
  truncateSync(file, 4 * TERABYTE);
}

const LEVELS = 60_000;

/** The log-in of before, and a field with many levels. */
export function deepenCopy(): void {
  const before = readFileSync(copyOfLogIn(), "utf8").replace(/\}$/u, "");
  writeFileSync(copyOfLogIn(), `${before},"x":${"[".repeat(LEVELS)}${"]".repeat(LEVELS)}}`);
}

import { execa } from "execa";

import type { Environment } from "../../platform/environment/environment.ts";

const TIME_LIMIT_MS = 10_000;
const BELL = "\u0007";
/** AppleScript takes the texts as arguments, so that none of them is read as a script. */
const SCRIPT = [
  "on run argv",
  "display notification (item 2 of argv) with title (item 1 of argv)",
  "end run",
].flatMap((line) => ["-e", line]);

/** Tells a person on the desktop, or rings the terminal's bell if there is no program for that. */
export async function notify(
  title: string,
  message: string,
  { platform, variables, cwd, stderr }: Environment,
): Promise<void> {
  const [program, args] =
    platform === "darwin"
      ? ["osascript", [...SCRIPT, title, message]]
      : ["notify-send", ["--app-name=Counterbalance", "--", title, message]];
  const { failed } = await execa(program, args, {
    cwd,
    env: variables,
    extendEnv: false,
    stdio: "ignore",
    reject: false,
    timeout: TIME_LIMIT_MS,
  });
  if (failed) stderr.write(BELL);
}

import { setTimeout as sleep } from "node:timers/promises";

import { execa } from "execa";

const PATIENCE_MS = 6000;
const POLL_MS = 100;

/** Live processes whose command line or environment holds the text, from `ps`. */
async function findProcesses(text: string): Promise<readonly string[]> {
  const all = process.platform === "darwin" ? "-axEww" : "axeww";
  const { stdout } = await execa("ps", [all, "-o", "pid=,stat=,command="], { stdin: "ignore" });
  return stdout
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.includes(text) && !/^\d+\s+Z/u.test(line));
}

/** The same, once they have had a moment to end. */
export async function findSurvivors(text: string): Promise<readonly string[]> {
  const untilMs = performance.now() + PATIENCE_MS;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- polling
    const found = await findProcesses(text);
    if (found.length === 0 || performance.now() > untilMs) return found;
    // oxlint-disable-next-line no-await-in-loop -- polling
    await sleep(POLL_MS);
  }
}

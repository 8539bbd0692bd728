import { execa } from "execa";

import { waitUntil } from "./wait-until.ts";

/** Live processes whose command line or environment holds the text, from `ps`. */
async function findProcesses(text: string): Promise<readonly string[]> {
  const all = process.platform === "darwin" ? "-axEww" : "axeww";
  const { stdout } = await execa("ps", [all, "-o", "pid=,stat=,command="], { stdin: "ignore" });
  return stdout
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.includes(text) && !/^\d+\s+Z/u.test(line));
}

/** Waits until the last of them has ended. */
export async function waitForEndOf(text: string): Promise<void> {
  let found: readonly string[] = [];
  await waitUntil(
    async () => (found = await findProcesses(text)).length === 0,
    () => found.join("\n"),
  );
}

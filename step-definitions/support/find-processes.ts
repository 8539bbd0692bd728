import { existsSync, globSync, readFileSync } from "node:fs";

import { execa } from "execa";

import { waitUntil } from "./wait-until.ts";

/** Live processes whose command line or environment holds the text. A small system has no `ps`. */
async function findProcesses(text: string): Promise<readonly string[]> {
  return existsSync("/proc/self/environ") ? findInProc(text) : await findByPs(text);
}

function findInProc(text: string): readonly string[] {
  return globSync("/proc/[0-9]*").flatMap((folder) => {
    const read = (name: string) => readOrEmpty(`${folder}/${name}`).replaceAll("\0", " ");
    const state = read("stat").split(") ").at(-1) ?? "";
    const line = `${folder.slice("/proc/".length)} ${read("cmdline")}${read("environ")}`;
    return line.includes(text) && !state.startsWith("Z") ? [line] : [];
  });
}

/** The process may have ended, or belong to somebody else. */
function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}

async function findByPs(text: string): Promise<readonly string[]> {
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

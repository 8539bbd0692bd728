import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

import { execa } from "execa";
import { z } from "zod";

import type { GradingFolders } from "./prepare-folders.ts";
import type { Sandbox } from "./sandbox.ts";

const LIMIT_MS = 8000;
const CHARACTERS_MAX = 32 * 1024 * 1024;
const Stripped = z.record(z.string(), z.string());

/**
 * Removes the types of the solution's files, in a sandbox, before its first host loads it. If that fails,
 * each host removes them itself and says what is wrong.
 */
export async function stripTypes(sandbox: Sandbox, folders: GradingFolders): Promise<void> {
  const [file = "", ...args] = sandbox.commandLine({
    readable: [folders.host, folders.solution],
    args: [folders.stripMain, folders.solution],
  });
  const { failed, stdout } = await execa(file, args, {
    cwd: folders.solution,
    env: {},
    extendEnv: false,
    stdin: "ignore",
    stderr: "ignore",
    timeout: LIMIT_MS,
    killSignal: "SIGKILL",
    maxBuffer: CHARACTERS_MAX,
    reject: false,
  });
  const { data = {} } = Stripped.safeParse(failed ? {} : parseOrNull(stdout));
  for (const [name, source] of Object.entries(data)) {
    const target = path.join(folders.stripped, name);
    if (!target.startsWith(`${folders.stripped}${path.sep}`)) continue;
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, source);
  }
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

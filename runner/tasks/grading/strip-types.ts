import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

import { z } from "zod";

import { parseJson } from "../../../ledger/domain/parse-json.ts";
import type { GradingFolders } from "./prepare-folders.ts";
import type { SolutionHost } from "./solution-host.ts";

const Stripped = z.record(z.string(), z.string());

/**
 * Lets a host remove the types of the solution's files before any host loads the solution. If that fails, each
 * host removes them itself and says what is wrong.
 */
export async function stripTypes(host: SolutionHost, folders: GradingFolders): Promise<void> {
  const answer = await host.strip();
  if (answer.kind === "broken") return;
  const { data = {} } = Stripped.safeParse(parseJson(Buffer.from(answer.payload).toString()));
  for (const [name, source] of Object.entries(data)) {
    const target = path.join(folders.stripped, name);
    if (!target.startsWith(`${folders.stripped}${path.sep}`)) continue;
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, source);
  }
}

import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { z } from "zod";

import { parseJson } from "../../../ledger/domain/parse-json.ts";
import { epochMsOf } from "../../../ledger/domain/timestamp.ts";
import type { DataFolder } from "../../platform/environment/data-folder.ts";

/** How an occasion went, as one line of `state/schedule.jsonl`. */
const OccasionResult = z.object({
  at: z.string(),
  outcome: z.enum(["started", "done", "failed", "reminded", "taken", "missed"]),
  key: z.string(),
  title: z.string(),
  command: z.string().nullable(),
  exit_code: z.number().nullable(),
  late_seconds: z.number(),
  said: z.string(),
});
export type OccasionResult = z.infer<typeof OccasionResult>;

/** What earlier calls of `schedule run` left. */
interface EarlierResults {
  readonly keys: ReadonlySet<string>;
  /** When the first one ran, and the last; undefined if there was none. */
  readonly firstMs: number | undefined;
  readonly lastMs: number | undefined;
}

/** Reads the results. It leaves out a line that a crash cut. */
export function readResults(folder: DataFolder): EarlierResults {
  const file = resultsFile(folder);
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  const results = lines.flatMap((line) => {
    const read = OccasionResult.safeParse(parseJson(line));
    return read.success ? [read.data] : [];
  });
  const moments = results.map(({ at }) => epochMsOf(at)).filter((moment) => !Number.isNaN(moment));
  const ordered = moments.toSorted((one, two) => one - two);
  const keys = new Set(results.map(({ key }) => key));
  return { keys, firstMs: ordered[0], lastMs: ordered.at(-1) };
}

export function keepResult(folder: DataFolder, result: OccasionResult): void {
  const file = resultsFile(folder);
  mkdirSync(path.dirname(file), { recursive: true });
  appendFileSync(file, `${JSON.stringify(result)}\n`);
}

function resultsFile({ state }: DataFolder): string {
  return path.join(state, "schedule.jsonl");
}

import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { z } from "zod";

import { parseJson } from "../../../ledger/domain/parse-json.ts";
import { epochMsOf } from "../../../ledger/domain/timestamp.ts";
import type { DataFolder } from "../../platform/environment/data-folder.ts";

/** How an occasion went, as one line of `state/schedule.jsonl`. */
const Outcome = z.object({
  at: z.string(),
  outcome: z.enum(["started", "done", "failed", "reminded", "taken", "missed"]),
  key: z.string(),
  title: z.string(),
  command: z.string().nullable(),
  exit_code: z.number().nullable(),
  late_seconds: z.number(),
  said: z.string(),
});
export type Outcome = z.infer<typeof Outcome>;

/** What a former `schedule run` left. */
interface FormerOutcomes {
  readonly keys: ReadonlySet<string>;
  /** When one was at work first, and last; undefined if none ever was. */
  readonly firstMs: number | undefined;
  readonly lastMs: number | undefined;
}

/** Reads the outcomes. A line that a crash cut is left out. */
export function readOutcomes(folder: DataFolder): FormerOutcomes {
  const file = outcomesFile(folder);
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  const outcomes = lines.flatMap((line) => {
    const read = Outcome.safeParse(parseJson(line));
    return read.success ? [read.data] : [];
  });
  const moments = outcomes.map(({ at }) => epochMsOf(at)).filter((moment) => !Number.isNaN(moment));
  const ordered = moments.toSorted((one, two) => one - two);
  const keys = new Set(outcomes.map(({ key }) => key));
  return { keys, firstMs: ordered[0], lastMs: ordered.at(-1) };
}

export function keepOutcome(folder: DataFolder, outcome: Outcome): void {
  const file = outcomesFile(folder);
  mkdirSync(path.dirname(file), { recursive: true });
  appendFileSync(file, `${JSON.stringify(outcome)}\n`);
}

function outcomesFile({ state }: DataFolder): string {
  return path.join(state, "schedule.jsonl");
}

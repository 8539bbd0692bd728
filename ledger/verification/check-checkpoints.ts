import type { Row } from "../domain/row.ts";
import type { LedgerFolder } from "../store/file-system.ts";
import { JsonlReader } from "../store/jsonl-reader.ts";
import { startedFiles } from "../store/segments.ts";
import type { Finding } from "./finding.ts";

interface KnownCheckpoints {
  readonly ledgerId: string;
  readonly checkpoints: readonly Row[];
}

/** Whether there are checkpoints, and those that rows of `experiments.jsonl` cite. */
export function checkCheckpoints(place: LedgerFolder, known: KnownCheckpoints): readonly Finding[] {
  const lost = findLost(place, known);
  if (lost !== undefined) return [lost];
  const isWithout = known.checkpoints.length === 0 && startedFiles(place).length > 0;
  return isWithout ? [noCheckpoint()] : [];
}

/** The first cited checkpoint that is not there. Damage of the files that are read has its own findings. */
function findLost(
  place: LedgerFolder,
  { ledgerId, checkpoints }: KnownCheckpoints,
): Finding | undefined {
  const known = new Set<unknown>(checkpoints.map(({ h }) => h));
  const reader = JsonlReader.pastDamage(place, ledgerId);
  for (const { seq, checkpoint } of reader.read("experiments")) {
    if (typeof checkpoint !== "string" || known.has(checkpoint)) continue;
    const what =
      known.size === 0 ? "the file is missing or empty" : `no row has the hash ${checkpoint}`;
    const message = `${what}, but row ${String(seq)} of experiments.jsonl cites a checkpoint: it was removed or rewritten`;
    return { kind: "checkpoint-missing", severity: "damage", file: "checkpoints", message };
  }
  return undefined;
}

function noCheckpoint(): Finding {
  const message =
    "the ledger has no checkpoint: if rows were cut from the end of a file, nothing here shows it";
  return { kind: "no-checkpoint", severity: "unchecked", message };
}

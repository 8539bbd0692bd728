import { readdirSync, statSync } from "node:fs";
import path from "node:path";

import type { LedgerReader } from "../../ledger/store/store.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { unfinishedAttempts } from "../../ledger/views/progress.ts";
import type { DataFolder } from "../data-folder.ts";

/** A capture is written before the row that cites it, so a younger one may still get its row. */
const AGE_MIN_MS = 3_600_000;

interface Sources {
  readonly folder: DataFolder;
  readonly ledger: Pick<LedgerReader, "read">;
  readonly view: ExperimentView;
  readonly nowMs: number;
}

/** The captures that no row needs: absolute paths, in order. */
export function listIdleCaptures(sources: Sources): readonly string[] {
  return [...idlePanes(sources), ...endedAttempts(sources)];
}

/** Captures of panes that no row cites. A row that was undone still cites its capture. */
function idlePanes({ folder, ledger, nowMs }: Sources): readonly string[] {
  const files = listFiles(folder.captures);
  if (files.length === 0) return [];
  const cited = new Set<unknown>();
  for (const row of ledger.read("snapshots")) cited.add(row["raw_file"]);
  return files.filter(
    (file) =>
      !cited.has(path.relative(folder.root, file).split(path.sep).join("/")) &&
      nowMs - statSync(file).mtimeMs >= AGE_MIN_MS,
  );
}

/** Output of agents, named `<window>-<attempt>.jsonl`, which is read only when the attempt ends. */
function endedAttempts({ folder, view }: Sources): readonly string[] {
  const open = new Set(
    unfinishedAttempts(view).map(
      ({ opened }) => `${opened.window}-${String(opened.attempt)}.jsonl`,
    ),
  );
  return listFiles(path.join(folder.captures, view.experimentId)).filter(
    (file) => !open.has(path.basename(file)),
  );
}

function listFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => path.join(folder, name))
      .toSorted();
  } catch {
    // The folder does not exist yet.
    return [];
  }
}

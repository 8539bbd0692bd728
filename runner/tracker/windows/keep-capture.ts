import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

import { citedWork } from "../../../ledger/domain/cited-work.ts";
import { FailedError } from "../../../ledger/domain/errors.ts";
import type { LedgerReader } from "../../../ledger/store/store.ts";
import type { ExperimentView } from "../../../ledger/views/experiment-view.ts";
import { unfinishedAttempts } from "../../../ledger/views/progress.ts";
import { type DataFolder, logsFolder } from "../../platform/environment/data-folder.ts";

/** A capture up to this length is in its row. */
const IN_ROW_CHARS_MAX = 16_384;

/** A large capture could not be written to its file. */
export class CaptureNotKeptError extends FailedError {}

/** Says where a capture goes, by its hash. It writes nothing. */
export function describeCapture(text: string) {
  const sha256 = createHash("sha256").update(text).digest("hex");
  if (text.length <= IN_ROW_CHARS_MAX) return { raw: text, raw_sha256: sha256 };
  return { raw: null, raw_sha256: sha256, raw_file: `captures/${sha256}.txt` };
}

/**
 * Writes a large capture before its row cites it. An equal capture has the same file, which is written
 * again, so that it is as new as the row.
 * @throws CaptureNotKeptError if the disk refuses it.
 */
export function keepCapture(folder: DataFolder, text: string): void {
  const file = fileOf(folder, text);
  if (file !== undefined) writeCapture(file, text, "Nothing was written to the ledger.");
}

/**
 * Writes a large capture again if it was removed before its row was written.
 * @throws CaptureNotKeptError if the disk refuses it.
 */
export function keepCaptureAgain(folder: DataFolder, text: string): void {
  const file = fileOf(folder, text);
  if (file === undefined || existsSync(file)) return;
  writeCapture(file, text, "The row that cites it is in the ledger.");
}

function fileOf({ root }: DataFolder, text: string): string | undefined {
  const { raw_file: name } = describeCapture(text);
  return name === undefined ? undefined : path.join(root, name);
}

function writeCapture(file: string, text: string, state: string): void {
  const draft = `${file}.${String(process.pid)}`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(draft, text, { flush: true });
    renameSync(draft, file);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CaptureNotKeptError(
      `${file}: expected room for a capture of ${String(text.length)} characters, got: ${reason}. ` +
        `${state} Make room or mend the folder, then take the capture again.`,
      { cause },
    );
  } finally {
    removeIfPossible(draft);
  }
}

export function removeIfPossible(file: string): void {
  try {
    rmSync(file, { recursive: true, force: true });
  } catch {
    // It is not there, or its folder lets nothing be removed.
  }
}

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

/** Captures of panes, and sealed work, that no row cites. A row that was undone still cites its capture. */
function idlePanes({ folder, ledger, nowMs }: Sources): readonly string[] {
  const files = listFiles(folder.captures);
  if (files.length === 0) return [];
  const cited = new Set<unknown>();
  for (const row of ledger.read("snapshots")) cited.add(row["raw_file"]);
  for (const row of ledger.read("windows")) cited.add(citedWork(row)?.file);
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
  return listFiles(logsFolder(folder, view.experimentId)).filter(
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

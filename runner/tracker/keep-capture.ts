import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import type { DataFolder } from "../session/data-folder.ts";
import { CaptureNotKeptError } from "./tracker-errors.ts";

/** A capture up to this length stands in its row. */
const IN_ROW_CHARS_MAX = 16_384;

/** A capture as its row holds it: the text itself, or the file that has it. */
export interface KeptCapture {
  readonly raw: string | null;
  readonly raw_sha256: string;
  readonly raw_file?: string;
}

/** Where a capture goes, by its hash; nothing is written yet. */
export function describeCapture(text: string): KeptCapture {
  const sha256 = createHash("sha256").update(text).digest("hex");
  if (text.length <= IN_ROW_CHARS_MAX) return { raw: text, raw_sha256: sha256 };
  return { raw: null, raw_sha256: sha256, raw_file: `captures/${sha256}.txt` };
}

/**
 * Writes a large capture before its row cites it. The same capture is kept once, and written anew so
 * that it is as young as the row that is about to cite it.
 * @throws CaptureNotKeptError where the disk does not take it.
 */
export function keepCapture(folder: DataFolder, text: string): void {
  const file = fileOf(folder, text);
  if (file !== undefined) writeCapture(file, text, "Nothing was written to the ledger.");
}

/**
 * Writes a large capture anew where it was cleaned away before its row came.
 * @throws CaptureNotKeptError where the disk does not take it.
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
    removeDraft(draft);
  }
}

function removeDraft(draft: string): void {
  try {
    rmSync(draft, { force: true });
  } catch {
    // Where no file can be, none is left.
  }
}

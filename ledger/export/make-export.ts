import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";

import { UsageError } from "../domain/errors.ts";

/**
 * Writes an export to a temporary folder, which gets its final name when it is complete. So the wanted
 * folder never holds half an export.
 * @throws ExportFolderError where something is there already, or where the ledger itself is.
 */
export async function makeExport(
  folders: { readonly ledger: string; readonly out: string },
  write: (draft: string) => Promise<Exported>,
): Promise<Exported> {
  const { out } = folders;
  refuse(folders);
  mkdirSync(path.dirname(out), { recursive: true });
  const draft = mkdtempSync(`${out}.part-`);
  try {
    const exported = await write(draft);
    renameSync(draft, out);
    return exported;
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
}

function refuse({ ledger, out }: { readonly ledger: string; readonly out: string }): void {
  const below = path.relative(ledger, out);
  if (below === "" || (!below.startsWith("..") && !path.isAbsolute(below))) {
    throw new ExportFolderError(
      `--out ${out}: expected a folder outside of the ledger's own, got one in it. Choose another folder.`,
    );
  }
  if (existsSync(out) && !isEmptyFolder(out)) {
    throw new ExportFolderError(
      `--out ${out}: expected a folder that is new or empty, got one with something in it. Nothing was written. Choose another folder.`,
    );
  }
}

function isEmptyFolder(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0;
  } catch {
    return false;
  }
}

/** The folder to export to can't be used. */
class ExportFolderError extends UsageError {}

/** One file of an export. */
export interface ExportedFile {
  /** Below the export's folder. */
  readonly name: string;
  /** Null where the file is not a table of rows. */
  readonly rows: number | null;
  readonly bytes: number;
}

/** The files of an export. */
export interface Exported {
  readonly files: readonly ExportedFile[];
  /** What their rows hold that another version wrote, a sentence for each record. */
  readonly others: readonly string[];
}

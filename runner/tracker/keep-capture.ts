import { createHash } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

import type { DataFolder } from "../session/data-folder.ts";

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
 */
export function keepCapture(folder: DataFolder, text: string): void {
  const { raw_file: name } = describeCapture(text);
  if (name === undefined) return;
  const file = path.join(folder.root, name);
  mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.${String(process.pid)}`;
  writeFileSync(draft, text, { flush: true });
  renameSync(draft, file);
}

import { join } from "node:path";

import type { LedgerFile } from "../domain/ledger-file.ts";
import { copyBytes } from "./copy-bytes.ts";
import { type FileSystem, withFile } from "./file-system.ts";
import type { LedgerContext } from "./ledger-context.ts";
import { findRow, LineCursor, type Span, wholeOf } from "./line-cursor.ts";
import { quarantineTail } from "./quarantine.ts";
import { activePath } from "./segments.ts";
import type { Head } from "./store.ts";
import { syncFolderNow, syncNow } from "./sync.ts";

const NUL = 0;
const MARK_BYTES_MAX = 65_536;
const MARK = /^(?<segment>\d+) (?<bytes>\d+)$/gmu;

/** A file whose sync has failed, under its lock. */
interface SuspectFile {
  readonly file: LedgerFile;
  readonly segment: number;
  readonly fd: number;
}

/** The name that marks a file whose sync has failed since the machine started. */
export function suspectPath(folder: string, file: LedgerFile): string {
  return join(folder, `${file}.suspect`);
}

/**
 * Leaves the mark, and in it how far the file was acknowledged, or was there before this store wrote. It need
 * not be durable: a stop of the machine shows what the disk has.
 */
export function markSuspect(
  { fileSystem, folder }: LedgerContext,
  file: LedgerFile,
  kept: Pick<Head, "segment" | "bytes"> | undefined,
): void {
  const text = kept === undefined ? "" : `${kept.segment} ${kept.bytes}\n`;
  withFile(fileSystem, { path: suspectPath(folder, file), flag: "a+" }, (mark) => {
    if (text !== "") fileSystem.write(mark, Buffer.from(text));
  });
}

/**
 * Rewrites a file's bytes durably, under the lock of the old file, and gives the new file
 * its name. The cache may have lost bytes that the failed sync did not write. If zeros follow the
 * last acknowledged row, they and all later bytes go to the quarantine. Zeros before that row are
 * damage.
 */
export function renewFile(context: LedgerContext, { file, segment, fd }: SuspectFile): void {
  const { fileSystem, folder } = context;
  const draft = join(folder, `${file}.renewed`);
  removeIfThere(fileSystem, draft);
  withFile(fileSystem, { path: draft, flag: "a+" }, (copy) => {
    const whole = wholeOf(fileSystem, fd);
    const { to } = whole;
    copyBytes(fileSystem, whole, copy);
    syncNow(context, copy);
    const kept = Math.min(to, acknowledgedBytes(context, file, segment));
    const from = holeIn(fileSystem, { fd: copy, from: kept, to });
    if (from !== undefined) quarantineTail(context, { file, segment, fd: copy, from, to });
  });
  fileSystem.rename(draft, activePath(folder, file));
  syncFolderNow(context, folder);
  removeIfThere(fileSystem, suspectPath(folder, file));
}

/** Another process may have removed it already. */
function removeIfThere(fileSystem: FileSystem, path: string): void {
  if (fileSystem.stateAt(path) !== undefined) fileSystem.remove(path);
}

/** How far a segment was acknowledged, as far as a checkpoint and those say whose sync has failed. */
function acknowledgedBytes(context: LedgerContext, file: LedgerFile, segment: number): number {
  const { fileSystem, folder } = context;
  const checkpointed = context.checkpointedBytes(file, segment);
  const path = suspectPath(folder, file);
  if (fileSystem.stateAt(path) === undefined) return checkpointed;
  const text = Buffer.alloc(MARK_BYTES_MAX);
  return withFile(fileSystem, { path, flag: "r" }, (mark) => {
    const bytesRead = fileSystem.read(mark, text, 0);
    const told = [...text.toString("latin1", 0, bytesRead).matchAll(MARK)]
      .filter(({ groups }) => Number(groups?.["segment"]) === segment)
      .map(({ groups }) => Number(groups?.["bytes"]));
    return Math.max(checkpointed, ...told);
  });
}

/** The start of the first line with zeros in place of written bytes; no row contains any. */
function holeIn(fileSystem: FileSystem, span: Span): number | undefined {
  const cursor = new LineCursor(fileSystem, span);
  while (cursor.next()) {
    const end = findRow(cursor)?.start ?? cursor.end;
    if (cursor.bytes.subarray(cursor.start, end).includes(NUL)) return cursor.offset;
  }
  return undefined;
}

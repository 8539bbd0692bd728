import { join } from "node:path";

import { LEDGER_FILES, type LedgerFile } from "../domain/ledger-file.ts";
import type { NewRow } from "../domain/row.ts";
import { copyBytes } from "./copy-bytes.ts";
import { type LedgerFolder, withFile } from "./file-system.ts";
import type { LedgerContext } from "./ledger-context.ts";
import type { Span } from "./line-cursor.ts";
import { TRAILER_BYTES } from "./row-line.ts";
import { syncFolderNow, syncNow } from "./sync.ts";

export const QUARANTINE_NAME = "quarantine";
const NAME_PATTERN = /^(?<file>[a-z_]+)\.(?<segment>\d+)\.(?<offset>\d+)\.(?<sha256>[0-9a-f]{64})$/;
const TRAILER_LINE = /,"h":"[^"]{43}"\}\n$/;

export interface TornTail extends Span {
  readonly file: LedgerFile;
  readonly segment: number;
}

/**
 * Copies the bytes after the last valid row to a file of their own, makes that durable, and only
 * then cuts them off. The copy's name identifies it completely, so that a retry after a crash makes
 * the same copy and the same anomaly.
 */
export function quarantineTail(context: LedgerContext, tail: TornTail): void {
  const { fileSystem, folder } = context;
  const quarantine = join(folder, QUARANTINE_NAME);
  fileSystem.makeFolder(quarantine);
  // Named by the file, whose lock is held: no other process writes the same draft.
  const draft = join(quarantine, `${tail.file}.part`);
  if (fileSystem.stateAt(draft) !== undefined) fileSystem.remove(draft);
  const sha256 = copyTail(context, tail, draft);
  const name = `${tail.file}.${tail.segment}.${tail.from}.${sha256}`;
  fileSystem.rename(draft, join(quarantine, name));
  syncFolderNow(context, quarantine);
  syncFolderNow(context, folder);
  fileSystem.truncate(tail.fd, tail.from);
  syncNow(context, tail.fd);
  context.onQuarantined(name);
}

/** The names of what was ever cut off. */
export function quarantinedNames({ fileSystem, folder }: LedgerFolder): readonly string[] {
  return fileSystem.list(join(folder, QUARANTINE_NAME)).filter((name) => NAME_PATTERN.test(name));
}

/** The anomaly of a copy. It is the same at every start, so that it is recorded once. */
export function tornTailAnomaly(
  { fileSystem, folder }: LedgerFolder,
  name: string,
): NewRow | undefined {
  const { segment, offset, sha256, ...parts } = NAME_PATTERN.exec(name)?.groups ?? {};
  const file = LEDGER_FILES.find((known) => known === parts["file"]);
  const bytes = fileSystem.stateAt(join(folder, QUARANTINE_NAME, name))?.size;
  if (file === undefined || bytes === undefined) return undefined;
  return {
    record: "anomaly_recorded",
    id: `torn-tail:${name}`,
    kind: "torn-tail",
    touches: [`${file}.jsonl`],
    observed: { segment: Number(segment), offset: Number(offset), bytes, sha256 },
    action: `The bytes were moved to ${QUARANTINE_NAME}/${name}; ${sayWhat({ fileSystem, folder }, name, bytes)}`,
  };
}

/** A torn write does not end as a row does. */
function sayWhat({ fileSystem, folder }: LedgerFolder, name: string, bytes: number): string {
  const path = join(folder, QUARANTINE_NAME, name);
  return withFile(fileSystem, { path, flag: "r" }, (fd) => {
    const end = Buffer.alloc(Math.min(bytes, TRAILER_BYTES + 1));
    fileSystem.read(fd, end, bytes - end.length);
    return TRAILER_LINE.test(end.toString("latin1"))
      ? "they end as a row does: a row was changed after it was written, the machine lost power, or a sync failed. Compare them with a copy."
      : "no acknowledged row was among them.";
  });
}

function copyTail(context: LedgerContext, tail: TornTail, path: string): string {
  const { fileSystem } = context;
  return withFile(fileSystem, { path, flag: "wx" }, (fd) => {
    const sha256 = copyBytes(fileSystem, tail, fd);
    syncNow(context, fd);
    return sha256;
  });
}

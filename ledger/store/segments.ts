import { join } from "node:path";

import type { LedgerFile } from "../domain/ledger-file.ts";
import { hasCode } from "./error-code.ts";
import type { Folder } from "./ledger-header.ts";

/** Sealing takes a moment, and happens once in 64 MB: whoever looks again this often sees it done. */
const ATTEMPTS_MAX = 100;
const SEGMENT_DIGITS = 6;

/** Which segments a file has at one moment: numbers 1…active-1 are sealed, `active` is written to. */
export interface SegmentListing {
  /** Numbers of sealed segments that are there, ascending. */
  readonly sealed: readonly number[];
  /** Number that the segment being written has now, or will have when it is made. */
  readonly active: number;
  /** Absent where there is no segment being written. */
  readonly activeInode?: number;
}

export function activePath(folder: string, file: LedgerFile): string {
  return join(folder, `${file}.jsonl`);
}

export function sealedPath(folder: string, file: LedgerFile, segment: number): string {
  return join(folder, `${file}.${String(segment).padStart(SEGMENT_DIGITS, "0")}.jsonl`);
}

/** Whether a file has rows, or once had. */
export function isStarted({ sealed, activeInode }: SegmentListing): boolean {
  return sealed.length > 0 || activeInode !== undefined;
}

/** Lists the segments of a file while others may be sealing one: looks again until the name has kept its file. */
export function listSegments(place: Folder, file: LedgerFile): SegmentListing {
  const { fileSystem, folder } = place;
  for (let attempt = 1; ; attempt += 1) {
    const before = fileSystem.stateAt(activePath(folder, file))?.inode;
    const sealed = sealedNumbers(fileSystem.list(folder), file);
    const after = fileSystem.stateAt(activePath(folder, file))?.inode;
    if (before === after || attempt === ATTEMPTS_MAX) {
      const active = (sealed.at(-1) ?? 0) + 1;
      return after === undefined ? { sealed, active } : { sealed, active, activeInode: after };
    }
  }
}

/** Opens a segment for reading under whichever name it has now; undefined where there is none. The caller closes it. */
export function openSegment(place: Folder, file: LedgerFile, segment: number): number | undefined {
  const { fileSystem, folder } = place;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const sealed = openIfThere(place, sealedPath(folder, file, segment));
    if (sealed !== undefined) return sealed;
    const { active, activeInode } = listSegments(place, file);
    if (active < segment) return undefined;
    const fd = active === segment ? openIfThere(place, activePath(folder, file)) : undefined;
    if (fd !== undefined && fileSystem.stateOf(fd).inode === activeInode) return fd;
    if (fd !== undefined) fileSystem.close(fd);
  }
  return undefined;
}

/** Uses a segment while it is open; undefined where there is none. */
export function withSegment<T>(
  place: Folder,
  at: { readonly file: LedgerFile; readonly segment: number },
  use: (fd: number) => T,
): T | undefined {
  const fd = openSegment(place, at.file, at.segment);
  if (fd === undefined) return undefined;
  try {
    return use(fd);
  } finally {
    place.fileSystem.close(fd);
  }
}

function openIfThere({ fileSystem }: Folder, path: string): number | undefined {
  try {
    return fileSystem.open(path, "r");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

function sealedNumbers(names: readonly string[], file: LedgerFile): number[] {
  const numbers: number[] = [];
  for (const name of names) {
    if (!name.startsWith(`${file}.`) || !name.endsWith(".jsonl")) continue;
    const middle = name.slice(file.length + 1, -".jsonl".length);
    if (/^\d{6,}$/.test(middle)) numbers.push(Number(middle));
  }
  return numbers.toSorted((a, b) => a - b);
}

import { basename, join } from "node:path";

import { hasCode } from "../domain/errors.ts";
import { LEDGER_FILES, type LedgerFile } from "../domain/ledger-file.ts";
import type { LedgerFolder } from "./file-system.ts";
import { type Damage, LedgerDamagedError } from "./store-errors.ts";

/** Sealing takes a moment and happens once in 64 MB, so this many tries are enough. */
const ATTEMPTS_MAX = 100;
const SEGMENT_DIGITS = 6;

/** Which segments a file has at one moment: numbers 1…active-1 are sealed, `active` is written to. */
export interface SegmentListing {
  /** Numbers of sealed segments that are there, ascending. */
  readonly sealed: readonly number[];
  /** Number that the segment being written has now, or will have when it is made. */
  readonly active: number;
  /** Absent if no segment is being written. */
  readonly activeInode?: number;
}

export function activePath(folder: string, file: LedgerFile): string {
  return join(folder, `${file}.jsonl`);
}

export function sealedPath(folder: string, file: LedgerFile, segment: number): string {
  return join(folder, `${file}.${String(segment).padStart(SEGMENT_DIGITS, "0")}.jsonl`);
}

/** The files that have a segment, in the order in which a reader meets them. */
export function startedFiles({ fileSystem, folder }: LedgerFolder): readonly LedgerFile[] {
  const names = fileSystem.list(folder);
  return LEDGER_FILES.filter(
    (file) => names.includes(`${file}.jsonl`) || sealedNumbers(names, file).length > 0,
  );
}

/**
 * Lists the segments of a file while others may be sealing one: retries until the inode stays the
 * same.
 */
export function listSegments(place: LedgerFolder, file: LedgerFile): SegmentListing {
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

/** Names the damage, its place, and what to do. */
export function damagedAt(folder: string, damage: Damage): LedgerDamagedError {
  return new LedgerDamagedError(
    `${describePlace(folder, damage)}: ${damage.what}. Nothing was changed. ` +
      `"experiment ledger verify --full" lists all damage; restore the file from a copy.`,
  );
}

type BytePlace = Pick<Damage, "file" | "segment" | "offset"> & Partial<Pick<Damage, "bytes">>;

export function describePlace(
  folder: string,
  { file, segment, offset, bytes = 0 }: BytePlace,
): string {
  const places = `${join(folder, file)}.jsonl (${basename(sealedPath(folder, file, segment))} once sealed)`;
  const range = bytes > 0 ? `bytes ${offset} to ${offset + bytes}` : `byte ${offset}`;
  return `${places}, ${range}`;
}

/** The size of a file in all its segments. */
export function bytesOf(place: LedgerFolder, file: LedgerFile): number {
  const { fileSystem, folder } = place;
  const sealed = listSegments(place, file).sealed.map((each) => sealedPath(folder, file, each));
  const sizes = [...sealed, activePath(folder, file)].map((path) => fileSystem.stateAt(path)?.size);
  return sizes.reduce((sum: number, size = 0) => sum + size, 0);
}

/** A segment to be opened, and the file that it was when last seen as the one being written. */
export interface SegmentAddress {
  readonly file: LedgerFile;
  readonly segment: number;
  readonly activeInode?: number | undefined;
}

/**
 * Opens a segment for reading under its present name; undefined if there is none. The caller closes
 * it.
 */
export function openSegment(place: LedgerFolder, address: SegmentAddress): number | undefined {
  const { file, segment } = address;
  const known = openActive(place, file, address.activeInode);
  if (known !== undefined) return known;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const sealed = openIfThere(place, sealedPath(place.folder, file, segment));
    if (sealed !== undefined) return sealed;
    const listing = listSegments(place, file);
    // Sealed since the look a moment ago.
    if (listing.sealed.includes(segment)) continue;
    if (listing.active !== segment || listing.activeInode === undefined) return undefined;
    const fd = openActive(place, file, listing.activeInode);
    if (fd !== undefined) return fd;
  }
  return undefined;
}

/** Uses a segment while it is open; undefined if there is none. */
export function withSegment<T>(
  place: LedgerFolder,
  address: SegmentAddress,
  use: (fd: number) => T,
): T | undefined {
  const fd = openSegment(place, address);
  if (fd === undefined) return undefined;
  try {
    return use(fd);
  } finally {
    place.fileSystem.close(fd);
  }
}

/** Opens the file that is being written, if it still has this inode. */
function openActive(
  place: LedgerFolder,
  file: LedgerFile,
  inode: number | undefined,
): number | undefined {
  if (inode === undefined) return undefined;
  const { fileSystem, folder } = place;
  const fd = openIfThere(place, activePath(folder, file));
  if (fd === undefined) return undefined;
  let isSame = false;
  try {
    isSame = fileSystem.stateOf(fd).inode === inode;
  } finally {
    if (!isSame) fileSystem.close(fd);
  }
  return isSame ? fd : undefined;
}

function openIfThere({ fileSystem }: LedgerFolder, path: string): number | undefined {
  // The file is mostly absent, and an error costs ten times as much as a look.
  if (fileSystem.stateAt(path) === undefined) return undefined;
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

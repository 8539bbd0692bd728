import type { LedgerFile } from "../domain/ledger-file.ts";
import { copyBytes } from "./copy-bytes.ts";
import type { LedgerFolder } from "./file-system.ts";
import { lastRowIn } from "./last-row.ts";
import { withSegment } from "./segments.ts";
import type { Position } from "./store.ts";

const MUCH_BYTES = 4 * 1_048_576;

/** The first bytes of a segment, in which every row was found whole and in its place. */
export interface CheckedBytes {
  readonly file: LedgerFile;
  readonly segment: number;
  readonly bytes: number;
  /** The hash of the row that ends there. */
  readonly h: string;
  /** The hash of all these bytes, hex. */
  readonly sha256: string;
}

/** What was checked before, and who keeps what is checked now. */
export interface EarlierCheck {
  readonly before: readonly CheckedBytes[];
  readonly remember: (all: readonly CheckedBytes[]) => void;
}

/** Up to where a file has the same bytes as when its rows were checked; undefined if it has others at its start. */
export function unchangedUpTo(
  place: LedgerFolder,
  file: LedgerFile,
  { before }: Pick<EarlierCheck, "before">,
): Position | undefined {
  let position: Position | undefined;
  for (let segment = 1; ; segment += 1) {
    const known = before.find((one) => one.file === file && one.segment === segment);
    const size = known && withSegment(place, known, (fd) => sizeIfSame(place, fd, known));
    if (known === undefined || size === undefined) return position;
    position = { segment, offset: known.bytes, h: known.h };
    // Rows follow that nobody has checked.
    if (size > known.bytes) return position;
  }
}

function sizeIfSame({ fileSystem }: LedgerFolder, fd: number, { bytes, sha256 }: CheckedBytes) {
  const { size } = fileSystem.stateOf(fd);
  if (size < bytes) return undefined;
  return copyBytes(fileSystem, { fd, from: 0, to: bytes }) === sha256 ? size : undefined;
}

/** Whether so many bytes were checked row by row that it is worth while to remember them. */
export function isMuchBetween(start: Position | undefined, end: Position): boolean {
  if (start?.segment !== end.segment) return end.segment > 1 || end.offset > MUCH_BYTES;
  return end.offset - start.offset > MUCH_BYTES;
}

/** What a check that ended at a position has covered. */
export function checkedUpTo(
  place: LedgerFolder,
  file: LedgerFile,
  end: Position,
): readonly CheckedBytes[] {
  const { fileSystem } = place;
  return Array.from({ length: end.segment }, (_, index) => index + 1).flatMap((segment) => {
    const covered = withSegment(place, { file, segment }, (fd) => {
      const bytes = segment === end.segment ? end.offset : fileSystem.stateOf(fd).size;
      if (bytes === 0) return undefined;
      const span = { fd, from: 0, to: bytes };
      const h = lastRowIn(fileSystem, { file, ...span })?.h;
      const sha256 = copyBytes(fileSystem, span);
      return h === undefined ? undefined : { file, segment, bytes, h, sha256 };
    });
    return covered ?? [];
  });
}

import { basename, join } from "node:path";

import type { LedgerFolder } from "../store/file-system.ts";
import { activePath, listSegments, sealedPath, withSegment } from "../store/segments.ts";
import type { Finding } from "./finding.ts";

const PIECE_BYTES = 1_048_576;
const NEWLINE = 0x0a;

/** The place of a finding for a person with an editor. */
export interface FindingPlace {
  /** Name of the file in the ledger's folder; null if it concerns the whole ledger. */
  readonly path: string | null;
  /** From 1; null if the finding has no byte. */
  readonly line: number | null;
}

/** Looks up the name that the finding's segment has now, and counts the lines before its first byte. */
export function locateFinding(
  place: LedgerFolder,
  { file, segment, offset }: Finding,
): FindingPlace {
  if (file === undefined) return { path: null, line: null };
  if (segment === undefined) return { path: `${file}.jsonl`, line: null };
  const { active } = listSegments(place, file);
  const path = basename(segment < active ? sealedPath("", file, segment) : activePath("", file));
  const isThere = place.fileSystem.stateAt(join(place.folder, path)) !== undefined;
  if (offset === undefined || !isThere) return { path, line: null };
  const line = withSegment(place, { file, segment }, (fd) => countLines(place, fd, offset) + 1);
  return { path, line: line ?? null };
}

/** Newlines in the first `end` bytes. */
function countLines({ fileSystem }: LedgerFolder, fd: number, end: number): number {
  const piece = Buffer.alloc(PIECE_BYTES);
  let lines = 0;
  for (let at = 0; at < end;) {
    const bytesRead = fileSystem.read(fd, piece, at);
    if (bytesRead === 0) return lines;
    const seen = piece.subarray(0, Math.min(bytesRead, end - at));
    for (let next = seen.indexOf(NEWLINE); next >= 0; next = seen.indexOf(NEWLINE, next + 1)) {
      lines += 1;
    }
    at += bytesRead;
  }
  return lines;
}

import type { LedgerFile } from "../domain/ledger-file.ts";
import type { LedgerFolder } from "./file-system.ts";
import { lastRowOf, parseLine } from "./last-row.ts";
import { listSegments } from "./segments.ts";
import type { Head } from "./store.ts";

/** The end of a file as it is on the disk; undefined without a row. */
export function readHead(place: LedgerFolder, file: LedgerFile): Head | undefined {
  const { active, activeInode } = listSegments(place, file);
  for (let segment = active; segment > 0; segment -= 1) {
    const address = segment === active ? { file, segment, activeInode } : { file, segment };
    const last = lastRowOf(place, address);
    if (last === undefined) continue;
    const { seq } = parseLine(file, last.line);
    return { file, segment, seq, h: last.h, bytes: last.end };
  }
  return undefined;
}

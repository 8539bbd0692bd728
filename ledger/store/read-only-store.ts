import type { LedgerFile } from "../domain/ledger-file.ts";
import type { Row } from "../domain/row.ts";
import { checkRows } from "./check-rows.ts";
import { lastCheckpoint, refuseLostRows } from "./checkpoints.ts";
import type { LedgerFolder } from "./file-system.ts";
import { JsonlReader } from "./jsonl-reader.ts";
import { lastRowIn } from "./last-row.ts";
import { changeIn } from "./line-cursor.ts";
import { readHead } from "./read-head.ts";
import { damagedAt, listSegments, startedFiles, withSegment } from "./segments.ts";
import type { LedgerFolderError } from "./store-errors.ts";
import type { Head, LedgerStore, TornFile } from "./store.ts";

interface ReadOnlyParts extends LedgerFolder {
  readonly ledgerId: string;
  /** What a caller gets who appends. */
  readonly refusal: LedgerFolderError;
}

/** A ledger whose files can't be written to. Its rows are read as they are, and nothing is mended. */
export class ReadOnlyStore extends JsonlReader implements LedgerStore {
  readonly ledgerId: string;
  readonly readOnly: NonNullable<LedgerStore["readOnly"]>;
  readonly #parts: ReadOnlyParts;

  /** @throws LedgerDamagedError, LedgerVersionError */
  constructor(parts: ReadOnlyParts) {
    super(parts);
    this.ledgerId = parts.ledgerId;
    this.#parts = parts;
    refuseLostRows(parts, lastCheckpoint(parts));
    const files = startedFiles(parts);
    this.readOnly = { tornFiles: files.flatMap((file) => tornEndOf(parts, file) ?? []) };
    checkRows(this, files);
  }

  append(): Promise<readonly Row[]> {
    return Promise.reject(this.#parts.refusal);
  }

  async heads(): Promise<readonly Head[]> {
    return startedFiles(this.#parts).flatMap((file) => readHead(this.#parts, file) ?? []);
  }

  async close(): Promise<void> {}
}

/** The end of a file that no row holds; undefined if it ends in a whole row. Another process may be writing to it. */
function tornEndOf(place: LedgerFolder, file: LedgerFile): TornFile | undefined {
  const { fileSystem, folder } = place;
  const { active: segment, activeInode } = listSegments(place, file);
  return withSegment(place, { file, segment, activeInode }, (fd) => {
    const to = fileSystem.stateOf(fd).size;
    const from = lastRowIn(fileSystem, { fd, from: 0, to })?.end ?? 0;
    if (from === to) return undefined;
    const bytes = to - from;
    const what = changeIn(fileSystem, { fd, from, to });
    if (what === undefined) return { file, bytes };
    throw damagedAt(folder, { file, segment, offset: from, bytes, what });
  });
}

import type { LedgerFile } from "../domain/ledger-file.ts";
import type { LedgerFolder } from "../store/ledger-folder.ts";
import { listSegments, withSegment } from "../store/segments.ts";
import { findTwins } from "./find-twins.ts";
import type { Finding } from "./finding.ts";
import { SeenIds } from "./seen-ids.ts";

const FINDINGS_MAX = 1_000;
const SUSPECTS_MAX = 10_000;
/** Only a guess, to make room for that many ids at once. */
const ROW_BYTES_USUAL = 450;

/** Finds rows that share an id, in any files of a ledger. */
export class RepeatedIds {
  readonly #place: LedgerFolder;
  readonly #files: readonly LedgerFile[];
  readonly #seen: SeenIds;
  /** Ids that may be there twice. */
  readonly #suspects = new Set<string>();

  constructor(place: LedgerFolder, files: readonly LedgerFile[]) {
    this.#place = place;
    this.#files = files;
    const bytes = files.reduce((sum, file) => sum + bytesOf(place, file), 0);
    this.#seen = new SeenIds(bytes / ROW_BYTES_USUAL);
  }

  /** Takes in the id in `bytes[from…to)`, of each row once. */
  add(bytes: Buffer, from: number, to: number): void {
    if (!this.#seen.add(bytes, from, to) || this.#suspects.size >= SUSPECTS_MAX) return;
    this.#suspects.add(bytes.toString("utf8", from, to));
  }

  /** Reads the files again if there are suspects. */
  find(): readonly Finding[] {
    if (this.#suspects.size === 0) return [];
    const twins = findTwins(this.#place, this.#files, this.#suspects);
    return twins.slice(0, FINDINGS_MAX).map(({ id, first, second }) => {
      const where = `${first.file}, segment ${first.segment}, byte ${first.offset}`;
      const message = `the row has the id ${id} of the row at ${where}`;
      return { kind: "duplicate-id", severity: "damage", ...second, message };
    });
  }
}

function bytesOf(place: LedgerFolder, file: LedgerFile): number {
  const { sealed, active } = listSegments(place, file);
  return [...sealed, active].reduce((sum, segment) => {
    const size = withSegment(place, { file, segment }, (fd) => place.fileSystem.stateOf(fd).size);
    return sum + (size ?? 0);
  }, 0);
}

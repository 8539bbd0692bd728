import type { LedgerFile } from "../domain/ledger-file.ts";
import type { Row } from "../domain/row.ts";
import { RECORD_SCHEMAS } from "../domain/validate-row.ts";
import { isOfOtherVersion, parseRow } from "../store/envelope.ts";
import type { LedgerFolder } from "../store/file-system.ts";
import { genesisOf } from "../store/ledger-header.ts";
import { findRow, type FoundRow, LineCursor, rowBeforeCr, wasRow } from "../store/line-cursor.ts";
import { CR_LF } from "../store/line-ends.ts";
import { readRowAt } from "../store/read-row-at.ts";
import { rowStartAt, type RowStart } from "../store/row-start.ts";
import { listSegments, withSegment } from "../store/segments.ts";
import type { FileEnd, Head } from "../store/store.ts";
import { isSupported } from "../views/read-fact.ts";
import type { Finding } from "./finding.ts";
import type { RepeatedIds } from "./repeated-ids.ts";

const FINDINGS_MAX = 1_000;
const SEGMENT_FACTOR = 4_294_967_296;

export interface FileToVerify {
  readonly file: LedgerFile;
  readonly ledgerId: string;
  /** What the checkpoints inside the ledger say. */
  readonly heads: readonly Head[];
  /** Collects the id of every row. Its findings follow after the last file. */
  readonly ids: RepeatedIds;
  /** Start of the walk; by default the file's start. */
  readonly from?: Head | undefined;
  /** Whether every row is parsed too; else only how it begins is read. */
  readonly isParsed?: boolean | undefined;
}

export interface FileVerification {
  readonly file: LedgerFile;
  /** Rows walked through, without those that only close a segment. */
  readonly rows: number;
  readonly bytes: number;
  readonly findings: readonly Finding[];
  /** Its last row; undefined without one. */
  readonly end: FileEnd | undefined;
}

interface LastRow {
  readonly seq: number;
  readonly h: string;
  readonly isSegmentEnd: boolean;
  /** Place in the present segment; absent if its row was not met or is already reported. */
  readonly offset?: number;
}

/** Bytes after the last row that belong to no row. */
interface LooseBytes {
  readonly offset: number;
  bytes: number;
  /** Whether a whole line is among them, which no torn write leaves. */
  isLine: boolean;
}

/** Rows whose line ends were changed, from the first of them. */
interface ChangedEnds {
  readonly segment: number;
  readonly offset: number;
  rows: number;
}

/**
 * Walks through one file, row by row, from its start or from a head. Never writes. Checks hashes,
 * the chain, and each row's first fields. Payloads are parsed only on request.
 */
export function verifyFile(place: LedgerFolder, task: FileToVerify): FileVerification {
  return new FileWalk(place, task).run();
}

class FileWalk {
  readonly #place: LedgerFolder;
  readonly #task: FileToVerify;
  /** What checkpoints say about the file, ticked off on the way. */
  readonly #heads: Map<number, Head>;
  readonly #findings: Finding[] = [];
  #segment: number;
  #offset: number;
  #last: LastRow;
  /** First row of the segment; undefined if the walk began inside it. */
  #firstSeq: number | undefined;
  #loose: LooseBytes | undefined;
  #changedEnds: ChangedEnds | undefined;
  #rows = 0;
  #bytes = 0;

  constructor(place: LedgerFolder, task: FileToVerify) {
    this.#place = place;
    this.#task = task;
    const heads = task.heads.filter(({ file }) => file === task.file);
    this.#heads = new Map(heads.map((head) => [keyOf(head.segment, head.bytes), head]));
    this.#segment = task.from?.segment ?? 1;
    this.#offset = task.from?.bytes ?? 0;
    this.#last = {
      seq: task.from?.seq ?? 0,
      h: task.from?.h ?? genesisOf(task.ledgerId, task.file),
      isSegmentEnd: false,
    };
  }

  run(): FileVerification {
    const { active, activeInode } = listSegments(this.#place, this.#task.file);
    const end = activeInode === undefined ? active - 1 : active;
    for (; this.#segment <= end; this.#segment += 1) {
      this.#walkSegment();
      if (this.#segment === active) this.#endOfFile();
      else this.#endOfSegment();
      this.#offset = 0;
    }
    // A head may name the start of a segment that has no row yet.
    this.#pass(0, this.#last.h);
    if (this.#changedEnds !== undefined) this.#reportEnds(this.#changedEnds);
    else for (const head of this.#heads.values()) this.#contradict(head);
    const { file } = this.#task;
    const { seq, h } = this.#last;
    return {
      file,
      rows: this.#rows,
      bytes: this.#bytes,
      findings: this.#findings,
      end: seq === 0 ? undefined : { file, seq, h },
    };
  }

  #walkSegment(): void {
    const { fileSystem } = this.#place;
    this.#firstSeq = this.#offset === 0 ? this.#last.seq + 1 : undefined;
    this.#pass(this.#offset, this.#last.h);
    const isThere = withSegment(
      this.#place,
      { file: this.#task.file, segment: this.#segment },
      (fd) => {
        const to = fileSystem.stateOf(fd).size;
        const cursor = new LineCursor(fileSystem, { fd, from: this.#offset, to });
        while (cursor.next()) this.#walkLine(cursor);
        this.#bytes += Math.max(0, to - this.#offset);
        return true;
      },
    );
    if (isThere !== true) this.#damage("segment-missing", 0, "the segment is missing");
  }

  #walkLine(cursor: LineCursor): void {
    if (cursor.start === cursor.end) return;
    const beforeCr = rowBeforeCr(cursor);
    if (beforeCr !== undefined) {
      this.#walkBeforeCr(cursor, beforeCr);
      return;
    }
    const found = findRow(cursor);
    const looseEnd = found?.start ?? cursor.end;
    if (looseEnd > cursor.start) this.#loosen(cursor, looseEnd);
    if (found !== undefined) this.#walkFound(cursor, found);
  }

  /** The row is what was written. Only its line end is not, and neither are the places of all rows after it. */
  #walkBeforeCr(cursor: LineCursor, found: FoundRow): void {
    this.#changedEnds ??= { segment: this.#segment, offset: cursor.offset, rows: 0 };
    this.#changedEnds.rows += 1;
    this.#walkFound(cursor, found);
    const { offset: _, ...last } = this.#last;
    this.#last = last;
  }

  #walkFound(cursor: LineCursor, { start, h }: FoundRow): void {
    const offset = cursor.offset + start - cursor.start;
    const row = rowStartAt(cursor.bytes, start, cursor.end);
    if (row === undefined) {
      this.#unreadable(offset, lineFrom(cursor, start));
      this.#last = { seq: this.#last.seq + 1, h, isSegmentEnd: false };
    } else {
      this.#walkRow(row, offset);
      if (row.isSegmentEnd) this.#checkSegmentEnd(lineFrom(cursor, start), offset);
      if (this.#task.isParsed === true) this.#parse(lineFrom(cursor, start), offset);
      this.#task.ids.add(cursor.bytes, row.idFrom, row.idTo);
      this.#last = { seq: row.seq, h, isSegmentEnd: row.isSegmentEnd, offset };
    }
    this.#pass(cursor.offsetAfter, h);
  }

  #walkRow(row: RowStart, offset: number): void {
    if (this.#loose !== undefined) this.#reportLoose(this.#loose);
    else this.#checkChain(row, offset);
    if (this.#last.isSegmentEnd && this.#firstSeq !== row.seq) {
      this.#damage("segment-end", offset, `row ${row.seq} follows the row that closed the segment`);
    }
    this.#loose = undefined;
    if (!row.isSegmentEnd) this.#rows += 1;
  }

  #checkChain({ seq, prev }: RowStart, offset: number): void {
    const last = this.#last;
    if (prev !== last.h) {
      const whose =
        last.seq === 0
          ? "the file is of another ledger or its first rows are gone"
          : "rows are missing, moved or replaced";
      const what = `row ${seq} says that it follows ${prev}, but the row before it has ${last.h}: ${whose}`;
      this.#damage("chain-broken", offset, what);
    } else if (seq !== last.seq + 1) {
      this.#damage("seq-gap", offset, `expected row ${last.seq + 1}, got row ${seq}`);
    }
  }

  #checkSegmentEnd(line: string, offset: number): void {
    const row = parseRow(line);
    if (row === undefined || this.#firstSeq === undefined) return;
    const counted = row.seq - this.#firstSeq;
    if (row["rows"] === counted) return;
    const what = `the segment's last row counts ${String(row["rows"])} rows, but there are ${counted}`;
    this.#damage("segment-end", offset, what);
  }

  #parse(line: string, offset: number): void {
    const row = parseRow(line);
    if (row === undefined) this.#unreadable(offset, line);
    else if (!isSupported(row)) {
      const what = `row ${row.seq}, ${row.record}, has schema ${row.schema_version}, which this program can't read: it enters no figure`;
      this.#note("unknown-version", offset, what);
    } else this.#checkSchema(row, offset);
  }

  /** Whoever adds a row by a function of the database decides what is in it. */
  #checkSchema(row: Row, offset: number): void {
    const issue = RECORD_SCHEMAS.get(row.record)?.safeParse(row).error?.issues[0];
    if (issue === undefined) return;
    const { window } = row;
    const whose = typeof window === "string" ? ` of ${window}` : "";
    const why = `${issue.path.join(".")}: ${issue.message}`;
    const what = `row ${row.seq}, ${row.record}${whose}, does not keep its schema: ${why}`;
    this.#note("schema-broken", offset, what);
  }

  #unreadable(offset: number, line: string): void {
    const start = `${line.slice(0, 80)}…`;
    const later = `a row of a later version, which this program can't read: ${start}`;
    const broken = `the hash is right but the row can't be read: ${start}`;
    if (isOfOtherVersion(line)) this.#note("unknown-version", offset, later);
    else this.#damage("unreadable-row", offset, broken);
  }

  /** Remembers bytes that no row holds. They are damage if a row follows. */
  #loosen(cursor: LineCursor, end: number): void {
    this.#loose ??= { offset: cursor.offset, bytes: 0, isLine: false };
    this.#loose.bytes = cursor.offset + end - cursor.start - this.#loose.offset;
    this.#loose.isLine ||= wasRow(cursor, end);
  }

  #reportLoose({ offset, bytes }: LooseBytes): void {
    const message = `the ${bytes} bytes from here on are not a row`;
    this.#find({
      kind: "no-row",
      severity: "damage",
      segment: this.#segment,
      offset,
      bytes,
      message,
    });
  }

  #reportEnds({ segment, offset, rows }: ChangedEnds): void {
    const message = `${String(rows)} rows end in ${CR_LF}`;
    this.#find({ kind: "line-ends", severity: "damage", segment, offset, message });
  }

  #endOfSegment(): void {
    if (this.#loose !== undefined) this.#reportLoose(this.#loose);
    this.#loose = undefined;
    if (this.#last.isSegmentEnd) return;
    this.#damage("segment-end", 0, "the segment does not end with the row that closes it");
  }

  #endOfFile(): void {
    this.#parseLast();
    const loose = this.#loose;
    this.#loose = undefined;
    if (loose === undefined) return;
    if (loose.isLine || this.#heads.size > 0) {
      this.#reportLoose(loose);
      return;
    }
    const what = `the file ends in ${loose.bytes} bytes of a torn write; the next opening moves them to the quarantine`;
    this.#note("torn-tail", loose.offset, what);
  }

  /** A process that opens the file parses its last row, and fails if that is not JSON. */
  #parseLast(): void {
    const { file } = this.#task;
    const { offset, isSegmentEnd } = this.#last;
    if (offset === undefined || isSegmentEnd || this.#task.isParsed === true) return;
    if (readRowAt(this.#place, file, { segment: this.#segment, offset }) !== undefined) return;
    this.#damage("unreadable-row", offset, "the hash of the last row is right but it is not JSON");
  }

  /** Takes note that a row with this hash ends there; with its newline or, after a crash, without. */
  #pass(end: number, h: string): void {
    for (const bytes of this.#heads.size === 0 ? [] : [end, end - 1]) {
      const key = keyOf(this.#segment, bytes);
      if (this.#heads.get(key)?.h === h) this.#heads.delete(key);
    }
  }

  #contradict({ segment, seq, h, bytes }: Head): void {
    const message =
      `a checkpoint says that row ${seq} with hash ${h} ends at byte ${bytes} of segment ${segment}, but no such row does: ` +
      `the file was cut or rewritten`;
    const kind = "checkpoint-mismatch";
    this.#find({ kind, severity: "damage", segment, offset: bytes, message });
  }

  #damage(kind: Finding["kind"], offset: number, message: string): void {
    this.#find({ kind, severity: "damage", segment: this.#segment, offset, message });
  }

  #note(kind: Finding["kind"], offset: number, message: string): void {
    this.#find({ kind, severity: "note", segment: this.#segment, offset, message });
  }

  #find(finding: Omit<Finding, "file">): void {
    if (this.#findings.length < FINDINGS_MAX) {
      this.#findings.push({ ...finding, file: this.#task.file });
    }
  }
}

function lineFrom(cursor: LineCursor, start: number): string {
  return cursor.bytes.toString("utf8", start, cursor.end);
}

function keyOf(segment: number, bytes: number): number {
  return segment * SEGMENT_FACTOR + bytes;
}

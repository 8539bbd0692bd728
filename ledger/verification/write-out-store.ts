import type { ClientBase } from "pg";

import { LEDGER_FILES, type LedgerFile } from "../domain/ledger-file.ts";
import { copyBytes, writeWhole } from "../store/copy-bytes.ts";
import { type LedgerFolder, withFile } from "../store/file-system.ts";
import { lastRowIn } from "../store/last-row.ts";
import { readOrMakeLedgerId } from "../store/ledger-header.ts";
import { wholeOf } from "../store/line-cursor.ts";
import { nodeFileSystem } from "../store/node-file-system.ts";
import { withDatabase } from "../store/postgres/database.ts";
import { type FileHead, readHeads } from "../store/postgres/ledger-heads.ts";
import { readLines, type StoredLine } from "../store/postgres/ledger-rows.ts";
import { readLedgerId } from "../store/postgres/postgres-store.ts";
import type { StoreAddress } from "../store/postgres/store-address.ts";
import { hashIn } from "../store/row-line.ts";
import {
  activePath,
  listSegments,
  sealedPath,
  startedFiles,
  withSegment,
} from "../store/segments.ts";
import type { Finding } from "./finding.ts";
import { verifyLedger } from "./verify-ledger.ts";

interface Folders {
  /** A new or empty folder for all rows that the database has. */
  readonly out: string;
  /** The folder of this machine's copy, if there is one. */
  readonly copy: string;
}

/**
 * Writes every row of a store to files, whatever it is, so that it can be verified as a ledger of files
 * can. Returns what contradicts the rows in the database itself and on this machine; undefined if the
 * database has no ledger.
 */
export async function writeOutStore(
  address: StoreAddress,
  { out, copy }: Folders,
): Promise<readonly Finding[] | undefined> {
  return await withDatabase(address, async (database) => {
    if (!(await database.hasLedger())) return undefined;
    const findings = await database.transaction(async (client) => {
      // All of it as it is at one moment.
      await client.query("set transaction isolation level repeatable read, read only");
      const ledgerId = await readLedgerId(client);
      nodeFileSystem.makeFolder(out);
      readOrMakeLedgerId({ fileSystem: nodeFileSystem, folder: out }, () => ledgerId);
      const heads = await readHeads(client);
      const written: (readonly Finding[])[] = [];
      for (const file of LEDGER_FILES) written.push(await writeOut(client, file, { heads, out }));
      return written.flat();
    });
    return [...findings, ...compareCopy(copy, out)];
  });
}

interface WritingOut {
  readonly heads: ReadonlyMap<LedgerFile, FileHead>;
  readonly out: string;
}

async function writeOut(
  client: ClientBase,
  file: LedgerFile,
  { heads, out }: WritingOut,
): Promise<readonly Finding[]> {
  const head = heads.get(file);
  let last: StoredLine | undefined;
  const everything = { after: Number.MIN_SAFE_INTEGER, upTo: Number.MAX_SAFE_INTEGER };
  for await (const lines of readLines(client, file, everything)) {
    const bySegment = Map.groupBy(lines, ({ segment }) => segment);
    for (const [segment, own] of bySegment) {
      const isActive = head === undefined || segment === head.segment;
      const name = isActive ? activePath(out, file) : sealedPath(out, file, segment);
      addTo(name, own.map(({ line }) => `${line}\n`).join(""));
    }
    last = lines.at(-1);
  }
  return isHeadOf(head, last) ? [] : [headMismatch(file, head, last)];
}

function isHeadOf(head: FileHead | undefined, last: StoredLine | undefined): boolean {
  if (head === undefined || last === undefined) return head === last;
  return last.seq === head.seq && hashIn(last.line) === head.h;
}

function headMismatch(
  file: LedgerFile,
  head: FileHead | undefined,
  last: StoredLine | undefined,
): Finding {
  const message = `the database says that ${file} ends with row ${head?.seq ?? 0}, and its last row is ${last?.seq ?? 0}: rows were removed, added or changed`;
  return { kind: "head-mismatch", severity: "damage", file, message };
}

function addTo(name: string, text: string): void {
  withFile(nodeFileSystem, { path: name, flag: "a+" }, (fd) =>
    writeWhole(nodeFileSystem, fd, Buffer.from(text)),
  );
}

/** Rows are only ever added, so that every copied byte is where it was. */
function compareCopy(copy: string, out: string): readonly Finding[] {
  const place = { fileSystem: nodeFileSystem, folder: copy };
  if (place.fileSystem.stateAt(copy) === undefined) return [];
  const differing = startedFiles(place).filter((file) => !isPrefix(place, out, file));
  if (differing.length === 0) return [];
  const isOwnDamage = verifyLedger(copy, { mode: "full" }).isDamaged;
  return differing.map((file): Finding => {
    const message = isOwnDamage
      ? `this machine's copy in ${copy} is damaged; the next command copies it again`
      : `this machine's copy in ${copy} has other rows, each as it was written: the database was changed, or was restored from an older copy`;
    return { kind: "copy-mismatch", severity: isOwnDamage ? "note" : "damage", file, message };
  });
}

function isPrefix(copy: LedgerFolder, out: string, file: LedgerFile): boolean {
  const { fileSystem } = copy;
  const numbers = Array.from({ length: listSegments(copy, file).active }, (_, index) => index + 1);
  return numbers.every((segment) => {
    const address = { file, segment };
    const copied = withSegment(copy, address, (fd) => {
      const to = lastRowIn(fileSystem, wholeOf(fileSystem, fd))?.end ?? 0;
      return { to, sha256: copyBytes(fileSystem, { fd, from: 0, to }) };
    });
    if (copied === undefined || copied.to === 0) return true;
    const { to, sha256 } = copied;
    return withSegment({ fileSystem, folder: out }, address, (fd) => {
      if (fileSystem.stateOf(fd).size < to) return false;
      return copyBytes(fileSystem, { fd, from: 0, to }) === sha256;
    });
  });
}

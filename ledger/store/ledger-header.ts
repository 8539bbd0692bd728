import { randomUUID } from "node:crypto";
import { join } from "node:path";

import { z } from "zod";

import type { LedgerFile } from "../domain/ledger-file.ts";
import { parseJson } from "../domain/parse-json.ts";
import { writeWhole } from "./copy-bytes.ts";
import { type FileSystem, type LedgerFolder, withFile } from "./file-system.ts";
import { hashOf, sealLine, trueHashOf } from "./row-line.ts";
import { startedFiles } from "./segments.ts";
import {
  LedgerDamagedError,
  LedgerFolderError,
  LedgerVersionError,
  LineEndsError,
} from "./store-errors.ts";

export const HEADER_NAME = "ledger.json";
const HEADER_BYTES_MAX = 4_096;
const NEWLINE = 0x0a;

/**
 * The small file that makes a folder one ledger. As a first row, it would need a lock over all
 * files. As a file that is completed under another name and then linked, it needs none. Every
 * file's chain begins with a hash of the ledger's id and the file's name, which reveals a file of
 * another ledger or under another name.
 */
const Header = z.looseObject({ _v: z.number(), ledger_id: z.string().min(1) }).readonly();

/** Without a hash, as the first versions wrote it, or as an operator restores it. */
const BareHeader = z.strictObject({ _v: z.literal(1), ledger_id: z.string().min(1) }).readonly();

/** What the first row of a file carries as `prev`. */
export function genesisOf(ledgerId: string, file: LedgerFile): string {
  return hashOf(`counterbalance ledger ${ledgerId} ${file}`);
}

/** The ledger's id; undefined if the folder has no header. */
export function readLedgerId({ fileSystem, folder }: LedgerFolder): string | undefined {
  const path = join(folder, HEADER_NAME);
  if (fileSystem.stateAt(path) === undefined) return undefined;
  const bytes = readSmall(fileSystem, path);
  const header = parseHeader(bytes);
  if (!header.success) {
    refuseLineEnds(path, bytes);
    throw new LedgerDamagedError(
      `${path}: expected {"_v":1,"ledger_id":"…"} with its hash, got something else. Restore it from a copy, ` +
        `or rewrite it without a hash; every checkpoint row names the ledger's id.`,
    );
  }
  const { _v: version, ledger_id: ledgerId } = header.data;
  if (version !== 1) {
    throw new LedgerVersionError(
      `${path}: expected version 1 of the ledger's format, got ${version}. Use the version of this program that wrote it.`,
    );
  }
  return ledgerId;
}

/** @throws LineEndsError if the header would be right with the line end that it had. */
function refuseLineEnds(path: string, bytes: Buffer): void {
  const { data } = parseHeader(
    Buffer.from(bytes.toString("latin1").replace("\r\n", "\n"), "latin1"),
  );
  if (data !== undefined) throw new LineEndsError(path, data.ledger_id);
}

/** A header with a hash ends like a row. A flipped bit leaves neither a right hash nor a bare header. */
function parseHeader(bytes: Buffer) {
  const end = bytes.at(-1) === NEWLINE ? bytes.length - 1 : bytes.length;
  const schema = trueHashOf(bytes, 0, end) === undefined ? BareHeader : Header;
  return schema.safeParse(parseJson(bytes.toString()));
}

/** The id of the ledger in the folder. An empty folder gets a header first. */
export function readOrMakeLedgerId(place: LedgerFolder, makeId: () => string): string {
  const known = readLedgerId(place);
  if (known !== undefined) return known;
  const [file] = startedFiles(place);
  if (file !== undefined) return readLateLedgerId(place, file);
  makeHeader(place, makeId());
  return readLedgerId(place) ?? unreachableHeader(place.folder);
}

/** There are rows: either another process has just made the ledger, or these files are not ours. */
function readLateLedgerId(place: LedgerFolder, file: LedgerFile): string {
  const made = readLedgerId(place);
  if (made !== undefined) return made;
  throw new LedgerFolderError(
    `${place.folder}: expected an empty folder or a ledger, got a ${file}.jsonl without the ledger's ${HEADER_NAME}. ` +
      `If it is a ledger, restore that file (checkpoint rows name the id); if it is not, choose another --data-dir.`,
  );
}

function makeHeader({ fileSystem, folder }: LedgerFolder, ledgerId: string): void {
  const path = join(folder, HEADER_NAME);
  // Processes that copy one store make headers with the same id, and one of them may have been killed here.
  const draft = `${path}.${randomUUID()}.new`;
  withFile(fileSystem, { path: draft, flag: "wx" }, (fd) => {
    const { line } = sealLine(JSON.stringify({ _v: 1, ledger_id: ledgerId }).slice(0, -1));
    writeWhole(fileSystem, fd, Buffer.from(`${line}\n`));
    fileSystem.fdatasyncNow(fd);
  });
  linkUnlessTaken(fileSystem, draft, path);
  fileSystem.remove(draft);
  fileSystem.syncFolder(folder);
}

function linkUnlessTaken(fileSystem: FileSystem, draft: string, path: string): void {
  try {
    fileSystem.link(draft, path);
  } catch (error) {
    // Another process was first; its header is as good as ours.
    if (fileSystem.stateAt(path) === undefined) throw error;
  }
}

function readSmall(fileSystem: FileSystem, path: string): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES_MAX);
  const read = withFile(fileSystem, { path, flag: "r" }, (fd) => fileSystem.read(fd, bytes, 0));
  return bytes.subarray(0, read);
}

function unreachableHeader(folder: string): never {
  throw new LedgerDamagedError(
    `${join(folder, HEADER_NAME)}: expected the header that was just made, got nothing. Something else removes files here.`,
  );
}

import {
  appendFileSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";

import type { Row } from "../../ledger/domain/row.ts";
import { sealLine } from "../../ledger/store/row-line.ts";
import { flipBit } from "../../ledger/store/test-support/flip-bit.ts";
import type { ExperimentWorld } from "./world.ts";

const LEDGER = ".experiment/ledger";
const MEGABYTE = 1_048_576;

/** What can befall a file of a ledger, in the words of the specs. */
const DAMAGES: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  "a flipped bit in its first row": (bytes) => flipBit(bytes, 800),
  "a flipped bit in its last row": (bytes) =>
    flipBit(bytes, 8 * (bytes.lastIndexOf("\n", bytes.length - 2) + 101)),
  "version 2 in all envelopes": (bytes) => inEnvelope(bytes, 2),
  "version 0 in all envelopes": (bytes) => inEnvelope(bytes, 0),
  "a last row in another envelope": (bytes) => {
    const last: Row = JSON.parse(bytes.toString().trimEnd().split("\n").at(-1) ?? "");
    const { h: _, ...row } = { ...last, _v: 2, seq: last.seq + 1, prev: last.h, id: "x" };
    const { line } = sealLine(JSON.stringify(row).slice(0, -1));
    return Buffer.concat([bytes, Buffer.from(`${line}\n`)]);
  },
  "line ends of CR LF": (bytes) => Buffer.from(bytes.toString().replaceAll("\n", "\r\n")),
  "a first row with another hash": (bytes) => {
    const changed = Buffer.from(bytes);
    changed.write("A".repeat(43), changed.indexOf("\n") - 45);
    return changed;
  },
  "a line before the last that is no row": (bytes) => beforeLast(bytes, '{"hello": "world"'),
  "a line of 2 MB before the last": (bytes) => beforeLast(bytes, "x".repeat(2 * MEGABYTE)),
  "a line of 100 MB before the last": (bytes) => beforeLast(bytes, "x".repeat(100 * MEGABYTE)),
  "a first row that is gone": (bytes) => bytes.subarray(bytes.indexOf("\n") + 1),
  "a last row whose hash is right and that is no JSON": (bytes) => {
    const last: Row = JSON.parse(bytes.toString().trimEnd().split("\n").at(-1) ?? "");
    const start = `{"_v":1,"seq":${String(last.seq + 1)},"prev":"${last.h}","id":"x"`;
    return Buffer.concat([bytes, Buffer.from(`${sealLine(`${start},oops`).line}\n`)]);
  },
  "a row before the last whose hash is right and that is no JSON": (bytes) => {
    const last: Row = JSON.parse(bytes.toString().trimEnd().split("\n").at(-1) ?? "");
    const { h: _, ...row } = { ...last, seq: last.seq + 1, prev: last.h, id: "x" };
    const broken = sealLine(`${JSON.stringify(row).slice(0, -1)},oops`);
    const next = JSON.stringify({ ...row, seq: row.seq + 1, prev: broken.h, id: "y" });
    const lines = [broken.line, sealLine(next.slice(0, -1)).line, ""];
    return Buffer.concat([bytes, Buffer.from(lines.join("\n"))]);
  },
  "a row before the last in another envelope": (bytes) => {
    const last: Row = JSON.parse(bytes.toString().trimEnd().split("\n").at(-1) ?? "");
    const { h: _, ...row } = { ...last, seq: last.seq + 1, prev: last.h, id: "x" };
    const later = sealLine(JSON.stringify({ ...row, _v: 2 }).slice(0, -1));
    const next = JSON.stringify({ ...row, seq: row.seq + 1, prev: later.h, id: "y" });
    const lines = [later.line, sealLine(next.slice(0, -1)).line, ""];
    return Buffer.concat([bytes, Buffer.from(lines.join("\n"))]);
  },
  "a last row of 100 MB": (bytes) => {
    const last: Row = JSON.parse(bytes.toString().trimEnd().split("\n").at(-1) ?? "");
    const { h: _, ...row } = { ...last, seq: last.seq + 1, prev: last.h, id: "x" };
    const long = JSON.stringify({ ...row, pad: "x".repeat(100 * MEGABYTE) }).slice(0, -1);
    return Buffer.concat([bytes, Buffer.from(`${sealLine(long).line}\n`)]);
  },
  "a last row again with the same id and other content": (bytes) => repeat(bytes, () => true),
  "a look at 9 pairs instead of 2": (bytes) =>
    Buffer.from(bytes.toString().replace('"n_pairs":2', '"n_pairs":9')),
  "its last reservation again": (bytes) =>
    repeat(bytes, ({ record }) => record === "budget_reserved"),
  "its last request's debit again": (bytes) =>
    repeat(bytes, (row) => row["is_final"] === true && row["unit"] !== "minutes"),
  "its last attempt's minutes again": (bytes) => repeat(bytes, ({ unit }) => unit === "minutes"),
};

/** The same of what a file does not show by itself. */
const OTHER_DAMAGES: Readonly<Record<string, (world: ExperimentWorld, name: string) => void>> = {
  "a failed sync": (world, name) => {
    const { size } = statSync(world.file(`${LEDGER}/${name}`));
    const marker = `${LEDGER}/${name.replace(".jsonl", ".suspect")}`;
    world.write(marker, `1 ${String(size)}\n`);
  },
  "no last row any more, nor the ledger a checkpoint": cutUnnoticed,
};

export function damage(world: ExperimentWorld, name: string, what: string): void {
  const other = OTHER_DAMAGES[what];
  if (other !== undefined) {
    other(world, name);
    return;
  }
  const file = world.file(`${LEDGER}/${name}`);
  const change = DAMAGES[what];
  if (change === undefined) throw new Error(`No damage is called: ${what}`);
  writeFileSync(file, change(readFileSync(file)));
}

function inEnvelope(bytes: Buffer, version: number): Buffer {
  return Buffer.from(bytes.toString().replaceAll(/^\{"_v":1,/gmu, `{"_v":${String(version)},`));
}

/** As a kill inside write(2) leaves it: the first bytes of an unacknowledged row. */
export function tearLastWrite(world: ExperimentWorld, name: string): string {
  const file = world.file(`${LEDGER}/${name}`);
  const torn = readFileSync(file, "utf8").slice(0, 200);
  appendFileSync(file, torn);
  return torn;
}

/** Takes away the last row, and every checkpoint that could tell: what is left is whole in itself. */
export function cutUnnoticed(world: ExperimentWorld, name: string): void {
  const file = world.file(`${LEDGER}/${name}`);
  const bytes = readFileSync(file);
  truncateSync(file, bytes.lastIndexOf("\n", bytes.length - 2) + 1);
  rmSync(world.file(`${LEDGER}/checkpoints.jsonl`), { force: true });
}

function beforeLast(bytes: Buffer, line: string): Buffer {
  const at = bytes.lastIndexOf("\n", bytes.length - 2) + 1;
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(`${line}\n`), bytes.subarray(at)]);
}

/** The last such row once more at the end, with its id and with a place and a hash of its own. */
function repeat(bytes: Buffer, isMeant: (row: Row) => boolean): Buffer {
  const rows = bytes
    .toString()
    .trimEnd()
    .split("\n")
    .map((line): Row => JSON.parse(line));
  const last = rows.at(-1);
  const meant = rows.findLast(isMeant);
  if (last === undefined || meant === undefined) throw new Error("No such row is in the file.");
  const { h: _, ...row } = meant;
  const forged = { ...row, seq: last.seq + 1, prev: last.h, forged: true };
  const sealed = sealLine(JSON.stringify(forged).slice(0, -1));
  return Buffer.concat([bytes, Buffer.from(`${sealed.line}\n`)]);
}

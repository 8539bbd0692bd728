import { appendFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";

import type { Row } from "../../ledger/domain/row.ts";
import { sealLine } from "../../ledger/store/row-line.ts";
import type { ExperimentWorld } from "./world.ts";

const LEDGER = ".experiment/ledger";
const MEGABYTE = 1_048_576;

/** What can befall a file of a ledger, in the words of the specs. */
const DAMAGES: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  "a flipped bit in its first row": (bytes) => {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(100) ^ 1, 100);
    return changed;
  },
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
  "a last row again with the same id and other content": (bytes) => {
    const line = bytes.toString().trimEnd().split("\n").at(-1) ?? "";
    const { h, ...row }: { h: string; seq: number } = JSON.parse(line);
    const forged = { ...row, seq: row.seq + 1, prev: h, forged: true };
    const sealed = sealLine(JSON.stringify(forged).slice(0, -1));
    return Buffer.concat([bytes, Buffer.from(`${sealed.line}\n`)]);
  },
};

export function damage(world: ExperimentWorld, name: string, what: string): void {
  const file = world.file(`${LEDGER}/${name}`);
  const change = DAMAGES[what];
  if (change === undefined) throw new Error(`No damage is called: ${what}`);
  writeFileSync(file, change(readFileSync(file)));
}

/** As a kill inside write(2) leaves it: the first bytes of a row that nobody was told of. */
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
  rmSync(world.file(`${LEDGER}/checkpoints.jsonl`));
}

function beforeLast(bytes: Buffer, line: string): Buffer {
  const at = bytes.lastIndexOf("\n", bytes.length - 2) + 1;
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(`${line}\n`), bytes.subarray(at)]);
}

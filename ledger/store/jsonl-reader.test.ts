import { describe, expect, it } from "vitest";

import { parseRow } from "./envelope.ts";
import { diskWith, FOLDER } from "./test-support/golden-ledger.ts";
import { openOnDisk, readOnDisk } from "./test-support/open-on-disk.ts";

const NUMBERS = Array.from({ length: 12 }, (_, index) => index + 1);

/** A ledger of twelve rows in segments of a few, whose second file's lines were changed. */
async function ledgerOf(change: (lines: readonly string[]) => readonly string[] = (all) => all) {
  const disk = diskWith(new Map());
  const store = await openOnDisk(disk, { limits: { segmentBytesMax: 1_500 } });
  for (const n of NUMBERS) {
    await store.append("windows", [{ record: "a", n, text: "ünï" }]);
  }
  await store.close();
  const file = disk.fileAt(`${FOLDER}/windows.000002.jsonl`);
  const lines = file?.content.toString().trimEnd().split("\n") ?? [];
  file?.replace(Buffer.from(`${change(lines).join("\n")}\n`));
  return disk;
}

const isOdd = (line: string): boolean => Number(/"n":(\d+)/.exec(line)?.[1] ?? 0) % 2 === 1;

describe("reading with lines that are taken", () => {
  it("returns the rows that were not taken, in order, over sealed segments", async () => {
    const store = await openOnDisk(await ledgerOf());
    const taken: unknown[] = [];
    const rest = store.read(
      "windows",
      (line) => isOdd(line) && taken.push(parseRow(line)?.["n"]) > 0,
    );
    expect([...rest].map((row) => row["n"])).toEqual(NUMBERS.filter((n) => n % 2 === 0));
    expect(taken).toEqual(NUMBERS.filter((n) => n % 2 === 1));
    await store.close();
  });

  it("reports a missing row although the rows around it would be taken", async () => {
    const disk = await ledgerOf(([first = "", , ...others]) => [first, ...others]);
    const { reader, damage } = readOnDisk(disk);
    const shown: string[] = [];
    const rest = [...reader.read("windows", (line) => shown.push(line) > 0)];
    expect(damage.map(({ segment, what }) => `${segment}: ${what}`)).toEqual([
      expect.stringMatching(/^2: row \d+ says that it follows/),
    ]);
    expect(rest).toHaveLength(1);
    expect(shown.join("\n")).not.toContain(`"h":"${rest[0]?.h}"`);
  });

  it("never shows a line whose hash is wrong", async () => {
    const disk = await ledgerOf(([first = "", ...others]) => [
      first.replace('"a"', '"b"'),
      ...others,
    ]);
    const { reader, damage } = readOnDisk(disk);
    const shown: string[] = [];
    const rest = [...reader.read("windows", (line) => shown.push(line) > 0)];
    expect(damage.map(({ what }) => what)).toEqual([
      "these bytes are not a row",
      expect.stringContaining("rows are missing"),
    ]);
    expect(rest).toHaveLength(1);
    expect(shown.join("\n")).not.toContain('"b"');
  });
});

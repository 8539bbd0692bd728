import { describe, expect, it } from "vitest";

import type { Row } from "../domain/row.ts";
import { verifyLedger } from "../verification/verify-ledger.ts";
import { LedgerDamagedError } from "./store-errors.ts";
import { drawFrom } from "./test-support/draw.ts";
import { diskWith, FOLDER, goldenFiles } from "./test-support/golden-ledger.ts";
import { openOnDisk } from "./test-support/open-on-disk.ts";
import type { SimulatedDisk } from "./test-support/simulated-disk.ts";

const ROWS = 2;
const HEADER = goldenFiles().get("ledger.json") ?? Buffer.alloc(0);
/** Two rows of the golden ledger, without the one that closes their segment. */
const LINES = (goldenFiles().get("windows.000001.jsonl") ?? Buffer.alloc(0))
  .toString()
  .split("\n")
  .slice(0, ROWS);
const WHOLE = Buffer.from(`${LINES.join("\n")}\n`);
/** The end of each line, without its newline. */
const LINE_ENDS = LINES.map((_, index) => Buffer.byteLength(LINES.slice(0, index + 1).join("\n")));

/** The start of the last line. */
const LAST = (LINE_ENDS[ROWS - 2] ?? 0) + 1;

describe("a file that was cut", () => {
  it("at any byte keeps exactly its whole rows, and moves the rest to the quarantine, once", async () => {
    for (let cut = 0; cut <= WHOLE.length; cut += 1) {
      const disk = diskOf(WHOLE.subarray(0, cut));
      await openAndClose(disk);
      const rows = LINE_ENDS.filter((end) => end <= cut).length;
      const kept = rows === 0 ? 0 : Math.min(cut, (LINE_ENDS[rows - 1] ?? 0) + 1);
      const found = await look(disk);
      expect({ cut, ...found }).toEqual({
        cut,
        rows: rows + 1,
        anomalies: kept < cut ? ["torn-tail"] : [],
        quarantined: kept < cut ? [WHOLE.subarray(kept, cut).toString()] : [],
        damage: [],
      });
    }
  });
});

describe("a file with a tail that is no row", () => {
  const half = WHOLE.subarray(0, 100);
  it.each([
    ["zeros", Buffer.alloc(4_096)],
    ["one newline and zeros", Buffer.from("\n\0\0\0")],
    ["half a row", half],
    ["a row with a sector that was never written", holed(WHOLE.subarray(LAST))],
    ["half a row and zeros", Buffer.concat([half, Buffer.alloc(512)])],
    ["the prefix alone", Buffer.from('{"_v":1,"seq":')],
    ["many prefixes", Buffer.from('{"_v":1,"seq":'.repeat(5_000))],
    ["three million bytes without a newline", Buffer.alloc(3_000_000, "x")],
  ])("loses the tail to the quarantine and nothing else: %s", async (_, tail) => {
    const disk = diskOf(Buffer.concat([WHOLE, tail]));
    await openAndClose(disk);
    const found = await look(disk);
    expect(found).toMatchObject({ rows: ROWS + 1, anomalies: ["torn-tail"], damage: [] });
    expect(found.quarantined[0]?.trim()).toBe(tail.toString().trim());
  });

  it("loses arbitrary bytes to the quarantine, whatever they are", async () => {
    const draw = drawFrom(7);
    for (let round = 0; round < 100; round += 1) {
      const tail = Buffer.from(Array.from({ length: draw.between(1, 300) }, () => draw.below(256)));
      const disk = diskOf(Buffer.concat([WHOLE, tail]));
      await openAndClose(disk);
      expect(await look(disk)).toMatchObject({ rows: ROWS + 1, damage: [] });
    }
  });

  it("makes one copy and one anomaly even if recovery is killed at any call", async () => {
    for (let call = 1; call < 400; call += 1) {
      const disk = diskOf(WHOLE.subarray(0, WHOLE.length - 10));
      const process = disk.process({ call, kind: "kill" });
      await openOnDisk(disk, { fileSystem: process })
        .then((store) => store.close())
        .catch(() => undefined);
      await openAndClose(disk);
      expect({ call, ...(await look(disk)) }).toMatchObject({
        call,
        rows: ROWS,
        anomalies: ["torn-tail"],
        quarantined: [WHOLE.subarray((LINE_ENDS[ROWS - 2] ?? 0) + 1, -10).toString()],
        damage: [],
      });
      if (process.isAlive) return;
    }
    throw new Error("Recovery makes more calls than this test is made for.");
  });
});

describe("damage that no torn write explains", () => {
  const changed = Buffer.from(WHOLE);
  changed.write("X", 120);
  const edited = Buffer.concat([WHOLE.subarray(0, LAST + 120), Buffer.from("X")]);

  it.each([
    ["a changed row before another", changed],
    ["a changed last row", Buffer.concat([edited, WHOLE.subarray(edited.length)])],
    ["the same without its newline", Buffer.concat([edited, WHOLE.subarray(edited.length, -1)])],
    [
      "another byte in place of the last newline",
      Buffer.concat([WHOLE.subarray(0, -1), Buffer.from("X")]),
    ],
    [
      "a changed row and a torn one",
      Buffer.concat([changed.subarray(0, LAST), WHOLE.subarray(0, 90)]),
    ],
  ])("is refused with its place, and nothing is written: %s", async (_, windows) => {
    const disk = diskOf(windows);
    const refused = openOnDisk(disk);
    await expect(refused).rejects.toThrow(/windows\.jsonl.*bytes \d+ to \d+.*verify --full/s);
    await expect(refused).rejects.toMatchObject({ exitCode: 6 });
    expect(contentOf(disk, "windows.jsonl")).toEqual(windows);
    expect(disk.list(`${FOLDER}/quarantine`)).toEqual([]);
  });

  it("is a cut row that a checkpoint names", async () => {
    const whole = diskOf(WHOLE);
    const store = await openOnDisk(whole);
    await store.append("checkpoints", [checkpointOf(await store.heads(), store.ledgerId)]);
    await store.close();
    const cut = WHOLE.subarray(0, WHOLE.length - 20);
    whole.fileAt(`${FOLDER}/windows.jsonl`)?.replace(cut);
    await expect(openOnDisk(whole)).rejects.toMatchObject({ exitCode: 6 });
    expect(contentOf(whole, "windows.jsonl")).toEqual(cut);
    const kinds = verifyLedger(FOLDER, { mode: "full", fileSystem: whole.process() }).findings.map(
      ({ kind }) => kind,
    );
    expect(kinds).toEqual(["no-row", "checkpoint-mismatch"]);
  });
});

describe("damage in a ledger too large to be checked whole", () => {
  it.each([
    ["found by its readers, before the last checkpoint", 120, ["opened"]],
    ["refused at the last checkpoint", LAST + 120, []],
    ["refused after the last checkpoint", WHOLE.length + 120, []],
  ])("is %s", async (_, at, expected) => {
    const disk = diskOf(WHOLE);
    const whole = await openOnDisk(disk);
    await whole.append("checkpoints", [checkpointOf(await whole.heads(), whole.ledgerId)]);
    await whole.append("windows", [{ record: "after" }]);
    await whole.close();
    const broken = Buffer.from(contentOf(disk, "windows.jsonl"));
    broken.write("~", at);
    disk.fileAt(`${FOLDER}/windows.jsonl`)?.replace(broken);
    const stages: string[] = [];
    const reading = openOnDisk(disk, { limits: { checkedBytesMax: 0 } }).then((store) => {
      stages.push("opened");
      return [...store.read("windows")];
    });
    await expect(reading).rejects.toThrow(LedgerDamagedError);
    expect(stages).toEqual(expected);
  });
});

/** The bytes with zeros in the middle, as a machine that stopped may leave them. */
function holed(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  return changed.fill(0, 100, 200);
}

function diskOf(windows: Uint8Array): SimulatedDisk {
  return diskWith(
    new Map([
      ["ledger.json", HEADER],
      ["windows.jsonl", windows],
    ]),
  );
}

function checkpointOf(heads: unknown, ledgerId: string) {
  return { record: "checkpoint_made", ledger_id: ledgerId, heads };
}

async function openAndClose(disk: SimulatedDisk): Promise<void> {
  await (await openOnDisk(disk)).close();
}

function contentOf(disk: SimulatedDisk, name: string): Buffer {
  return disk.fileAt(`${FOLDER}/${name}`)?.content ?? Buffer.alloc(0);
}

/** Opens the ledger once more, appends a row, and returns what it finds. */
async function look(disk: SimulatedDisk) {
  const store = await openOnDisk(disk);
  await store.append("windows", [{ record: "after" }]);
  const rows = [...store.read("windows")].length;
  const anomalies = [...store.read("anomalies")].filter(isOfWindows).map((row) => row["kind"]);
  await store.close();
  const quarantined = disk
    .list(`${FOLDER}/quarantine`)
    .filter((name) => name.startsWith("windows."))
    .map((name) => contentOf(disk, `quarantine/${name}`).toString());
  const { findings } = verifyLedger(FOLDER, { mode: "full", fileSystem: disk.process() });
  const damage = findings.filter(({ severity }) => severity === "damage").map(({ kind }) => kind);
  return { rows, anomalies, quarantined, damage };
}

function isOfWindows(row: Row): boolean {
  return JSON.stringify(row["touches"]) === '["windows.jsonl"]';
}

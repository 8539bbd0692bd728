import { describe, expect, it } from "vitest";

import { LEDGER_FILES } from "../domain/ledger-file.ts";
import { verifyLedger } from "../verification/verify-ledger.ts";
import { LedgerVersionError } from "./store-errors.ts";
import { numberFrom } from "./test-support/from-environment.ts";
import { diskWith, FOLDER, goldenFiles } from "./test-support/golden-ledger.ts";
import { openOnDisk } from "./test-support/open-on-disk.ts";

/** Looks at one damage of so many; a prime, so that bits of all places are among them. */
const STRIDE = numberFrom("LEDGER_DAMAGE_STRIDE", 61);
const NEWLINE = 0x0a;
/** Files without a checkpoint: only its own hash vouches for the last row. */
const UNVOUCHED = new Map([...goldenFiles()].filter(([name]) => name !== "checkpoints.jsonl"));

/** Files with a row that came after the last checkpoint, or is one. */
const WITHOUT_CHECKPOINT = ["windows.jsonl", "checkpoints.jsonl"];

describe("the golden ledger without its checkpoints", () => {
  it.each([...UNVOUCHED.keys()].filter((name) => /^[a-z]+\.jsonl$/.test(name)))(
    "puts the last row of %s away when any bit of it is flipped, and never takes it for one",
    async (name) => {
      const bytes = UNVOUCHED.get(name) ?? Buffer.alloc(0);
      const lastRow = bytes.lastIndexOf(NEWLINE, bytes.length - 2) + 1;
      const whole = await openAndRead(name, bytes);
      expect(whole.rows.length).toBeGreaterThan(0);
      for (let bit = lastRow * 8; bit < bytes.length * 8; bit += STRIDE) {
        const found = await openAndRead(name, flipped(bytes, bit));
        const expected = {
          bit,
          rows: whole.rows.slice(0, -1),
          quarantined: [bytes.length - lastRow],
        };
        expect({ bit, ...found }).toEqual(expected);
      }
    },
  );
});

it("shows a golden file that was cut at any byte, but after a row that no checkpoint names, which takes an anchor", () => {
  for (const [name, bytes] of goldenFiles()) {
    // Without its last newline a file lacks nothing.
    for (let cut = 0; cut < bytes.length - 1; cut += STRIDE) {
      const isRowEnd = cut === 0 || bytes[cut - 1] === NEWLINE || bytes[cut] === NEWLINE;
      if (isRowEnd && WITHOUT_CHECKPOINT.includes(name)) continue;
      expect({ name, cut, isShown: isShown(name, bytes.subarray(0, cut)) }).toEqual({
        name,
        cut,
        isShown: true,
      });
    }
  }
});

async function openAndRead(name: string, bytes: Buffer) {
  const disk = diskWith(new Map([...UNVOUCHED, [name, bytes]]));
  const store = await openOnDisk(disk, { onDamage: () => undefined });
  const rows = LEDGER_FILES.filter((file) => `${file}.jsonl` === name).flatMap((file) => [
    ...store.read(file),
  ]);
  await store.close();
  const quarantined = disk
    .list(`${FOLDER}/quarantine`)
    .map((copy) => disk.fileAt(`${FOLDER}/quarantine/${copy}`)?.size);
  return { rows, quarantined };
}

function isShown(name: string, bytes: Buffer): boolean {
  try {
    const disk = diskWith(new Map([...goldenFiles(), [name, bytes]]));
    return verifyLedger(FOLDER, { mode: "full", fileSystem: disk.process() }).findings.length > 0;
  } catch (error) {
    return error instanceof LedgerVersionError;
  }
}

function flipped(bytes: Buffer, bit: number): Buffer {
  const changed = Buffer.from(bytes);
  const at = bit >> 3;
  changed.writeUInt8(changed.readUInt8(at) ^ (1 << (bit & 7)), at);
  return changed;
}

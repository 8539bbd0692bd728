import { describe, expect, it } from "vitest";

import { verifyLedger } from "../verification/verify-ledger.ts";
import { LedgerVersionError } from "./store-errors.ts";
import { flipBit } from "./test-support/flip-bit.ts";
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
    "is refused when any bit of the last row of %s is flipped, and stays as it is",
    async (name) => {
      const bytes = UNVOUCHED.get(name) ?? Buffer.alloc(0);
      const lastRow = bytes.lastIndexOf(NEWLINE, bytes.length - 2) + 1;
      for (let bit = lastRow * 8; bit < bytes.length * 8; bit += STRIDE) {
        const changed = flipBit(bytes, bit);
        const disk = diskWith(new Map([...UNVOUCHED, [name, changed]]));
        const outcome = await openOnDisk(disk).catch((error: unknown) => error);
        expect({ bit, outcome }).toMatchObject({ bit, outcome: { exitCode: 6 } });
        expect(disk.fileAt(`${FOLDER}/${name}`)?.content).toEqual(changed);
        expect(disk.list(`${FOLDER}/quarantine`)).toEqual([]);
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

function isShown(name: string, bytes: Buffer): boolean {
  try {
    const disk = diskWith(new Map([...goldenFiles(), [name, bytes]]));
    return verifyLedger(FOLDER, { mode: "full", fileSystem: disk.process() }).findings.length > 0;
  } catch (error) {
    return error instanceof LedgerVersionError;
  }
}

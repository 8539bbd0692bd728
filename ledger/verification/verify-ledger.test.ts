import { describe, expect, it } from "vitest";

import { numberFrom } from "../store/test-support/from-environment.ts";
import { diskWith, FOLDER, goldenFiles } from "../store/test-support/golden-ledger.ts";
import { openOnDisk } from "../store/test-support/open-on-disk.ts";
import type { SimulatedDisk } from "../store/test-support/simulated-disk.ts";
import { type Verification, verifyLedger } from "./verify-ledger.ts";

/** Looks at one damage of so many; a prime, so that bits of all places are among them. */
const STRIDE = numberFrom("LEDGER_DAMAGE_STRIDE", 61);

describe("the golden ledger of envelope version 1", () => {
  it("verifies in both modes, and nothing is written by it", () => {
    const disk = diskWith(goldenFiles());
    for (const mode of ["full", "from-checkpoint"] as const) {
      const { findings, isDamaged, ledgerId } = verify(disk, mode);
      expect({ findings, isDamaged }).toEqual({ findings: [], isDamaged: false });
      expect(ledgerId).toBe("018bcfe5-6800-7000-8000-000000000001");
    }
    for (const [name, bytes] of goldenFiles()) expect(contentOf(disk, name)).toEqual(bytes);
  });

  it("reads for ever: rows in order, across segments, with fields of a later minor", async () => {
    const store = await openOnDisk(diskWith(goldenFiles()));
    expect([...store.read("windows")].map((row) => [row.record, row["window"]])).toEqual([
      ["window_opened", "W0-01"],
      ["window_opened", "W0-02"],
      ["window_opened", "W0-03"],
      ["window_opened", "W0-04"],
      ["window_finalized", "W0-04"],
    ]);
    expect([...store.read("windows")].at(-1)).toMatchObject({
      schema_version: "1.7",
      a_field_of_a_later_minor: { kept: [1, null, true] },
    });
    expect([...store.read("snapshots")][0]?.["note"]).toBe(
      'ünïcode, "quotes", {"_v":1,"seq":9} and\nlines',
    );
    await store.close();
  });

  it("shows every single flipped bit as damage", () => {
    let flips = 0;
    for (const [name, bytes] of goldenFiles()) {
      const disk = diskWith(goldenFiles());
      const changed = Buffer.from(bytes);
      for (let bit = 0; bit < bytes.length * 8; bit += STRIDE) {
        const at = bit >> 3;
        changed.writeUInt8(changed.readUInt8(at) ^ (1 << (bit & 7)), at);
        disk.fileAt(`${FOLDER}/${name}`)?.replace(changed);
        if (!isFound(disk))
          throw new Error(`${name}: bit ${bit & 7} of byte ${at} goes unnoticed.`);
        changed.writeUInt8(bytes.readUInt8(at), at);
        flips += 1;
      }
    }
    expect(flips).toBeGreaterThan(39_000 / STRIDE);
  });
});

function isFound(disk: SimulatedDisk): boolean {
  try {
    return verify(disk, "full").isDamaged;
  } catch (error) {
    // A header of a later version is refused as such.
    return error instanceof Error && error.name === "LedgerVersionError";
  }
}

function verify(disk: SimulatedDisk, mode: "full" | "from-checkpoint"): Verification {
  return verifyLedger(FOLDER, { mode, fileSystem: disk.process() });
}

function contentOf(disk: SimulatedDisk, name: string): Buffer {
  return disk.fileAt(`${FOLDER}/${name}`)?.content ?? Buffer.alloc(0);
}

import { join } from "node:path";

import { describe, expect, it } from "vitest";

import type { FileSystem } from "./file-system.ts";
import type { Mount } from "./find-mount.ts";
import { openJsonlStore } from "./open-jsonl-store.ts";
import { sealLine } from "./row-line.ts";
import { LedgerDamagedError, LedgerFolderError, LedgerVersionError } from "./store-errors.ts";
import { flipBit } from "./test-support/flip-bit.ts";
import { diskWith, FOLDER } from "./test-support/golden-ledger.ts";
import { manualClock } from "./test-support/manual-clock.ts";
import { openOnDisk } from "./test-support/open-on-disk.ts";
import { fail, withCall } from "./test-support/replaced-call.ts";

describe("a folder that can't hold a ledger", () => {
  it.each([
    ["NFS", 0x6969],
    ["CIFS", 0xff534d42],
    ["9p", 0x01021997],
  ])("is refused on a network file system: %s", async (name, type) => {
    const disk = diskWith(new Map());
    const fileSystem = withCall(disk.process(), "typeAt", () => type);
    const opened = openOnDisk(disk, { fileSystem });
    await expect(opened).rejects.toThrow(LedgerFolderError);
    await expect(opened).rejects.toThrow(
      new RegExp(`${FOLDER}: .*network file system \\(${name}\\)`),
    );
    await expect(opened).rejects.toMatchObject({ exitCode: 2 });
  });

  it.each(["EACCES", "EROFS", "EPERM"])(
    "is refused if it cannot be written to: %s",
    async (code) => {
      const disk = diskWith(new Map());
      const fileSystem = withCall(disk.process(), "open", () => fail(code));
      const opened = openOnDisk(disk, { fileSystem });
      await expect(opened).rejects.toThrow(LedgerFolderError);
      await expect(opened).rejects.toThrow(/can be written to.*--data-dir/);
    },
  );

  it.each(["windows.jsonl", "windows.000001.jsonl"])(
    "is refused if it holds a foreign %s, which stays unchanged",
    async (name) => {
      const foreign = Buffer.from('{"window":"W0-01"}\n');
      const disk = diskWith(new Map([[name, foreign]]));
      await expect(openOnDisk(disk)).rejects.toThrow(/without the ledger's ledger\.json/);
      expect(disk.fileAt(`${FOLDER}/${name}`)?.content).toEqual(foreign);
    },
  );

  it("is refused if its header is invalid, or of a later version", async () => {
    const broken = diskWith(new Map([["ledger.json", Buffer.from("{")]]));
    await expect(openOnDisk(broken)).rejects.toThrow(LedgerDamagedError);
    const { line } = sealLine('{"_v":2,"ledger_id":"x"');
    const later = diskWith(new Map([["ledger.json", Buffer.from(`${line}\n`)]]));
    await expect(openOnDisk(later)).rejects.toThrow(LedgerVersionError);
  });

  it("is refused if any bit of its header is flipped, also before the first row", async () => {
    const disk = diskWith(new Map());
    await (await openOnDisk(disk)).close();
    const header = disk.fileAt(`${FOLDER}/ledger.json`)?.content ?? Buffer.alloc(0);
    for (let bit = 0; bit < header.length * 8; bit += 1) {
      const flipped = diskWith(new Map([["ledger.json", flipBit(header, bit)]]));
      const outcome = await openOnDisk(flipped).catch((error: unknown) => error);
      expect({ bit, outcome }).toMatchObject({ bit, outcome: { exitCode: 6 } });
    }
  });
});

describe("a folder whose files a program serves", () => {
  it("is refused if its files are on another machine", async () => {
    const fileSystem = fuseMount({ type: "fuse.rclone", source: "bucket:" });
    const opened = openOnDisk(diskWith(new Map()), { fileSystem });
    await expect(opened).rejects.toThrow(LedgerFolderError);
    await expect(opened).rejects.toThrow("on a network file system (rclone), whose locks");
  });

  it.each([
    ["gocryptfs", { type: "fuse.gocryptfs", source: "/home/ada/cipher" }],
    ["what no table names", undefined],
  ])("is accepted if its files are on this machine: %s", async (_, mount) => {
    const store = await openOnDisk(diskWith(new Map()), { fileSystem: fuseMount(mount) });
    await store.append("windows", [{ record: "a" }]);
    expect([...store.read("windows")]).toHaveLength(1);
    await store.close();
  });
});

describe("a folder on the real disk", () => {
  it("is refused with a message of our own if its parent is a file", async () => {
    const folder = join(import.meta.filename, "ledger");
    const clock = manualClock();
    const opened = openJsonlStore({ folder, clock, agentId: "agent", toolVersion: "0.0.0" });
    await expect(opened).rejects.toThrow(LedgerFolderError);
  });
});

/** An empty disk that claims to be a FUSE mount. */
function fuseMount(mount: Mount | undefined): FileSystem {
  const process = withCall(diskWith(new Map()).process(), "typeAt", () => 0x65735546);
  return withCall(process, "mountAt", () => mount);
}

import { describe, expect, it } from "vitest";

import { CheckpointMade } from "../domain/checkpoint-made.ts";
import type { Row } from "../domain/row.ts";
import { headsSha256 } from "./heads-sha256.ts";
import { LedgerDamagedError } from "./store-errors.ts";
import type { LedgerReader, Position } from "./store.ts";
import { diskWith, FOLDER, goldenFiles } from "./test-support/golden-ledger.ts";
import { openOnDisk, readOnDisk } from "./test-support/open-on-disk.ts";
import { withCall } from "./test-support/replaced-call.ts";
import type { SimulatedDisk } from "./test-support/simulated-disk.ts";

const SMALL = { limits: { segmentBytesMax: 900 } };

describe("rows by id", () => {
  it("are known after a restart, in sealed segments too, by ids of any characters", async () => {
    const disk = diskWith(new Map());
    const ids = ["plain", 'with "quotes" and \\', "ünï", "line\nend", ...numbers(12).map(String)];
    const first = await openOnDisk(disk, SMALL);
    for (const id of ids) await first.append("windows", [{ record: "a", id, text: id }]);
    await first.close();
    const second = await openOnDisk(disk, SMALL);
    const again = ids.map((id) => second.append("windows", [{ record: "a", id, text: id }]));
    await Promise.all(again);
    expect([...second.read("windows")].map(({ id }) => id)).toEqual(ids);
    await second.close();
  });

  it("are known when another process wrote them a moment ago", async () => {
    const disk = diskWith(new Map());
    const [one, two] = [await openOnDisk(disk, SMALL), await openOnDisk(disk, SMALL)];
    for (const id of numbers(10).map(String)) {
      await one.append("windows", [{ record: "a", id }]);
      const [row] = await two.append("windows", [{ record: "a", id }]);
      expect(row?.seq).toBe([...one.read("windows")].at(-1)?.seq);
    }
    expect([...one.read("windows")]).toHaveLength(10);
    await Promise.all([one.close(), two.close()]);
  });

  it("are the same row whatever version, agent or order of fields says it again", async () => {
    const disk = diskWith(new Map());
    const first = await openOnDisk(disk, { agentId: "one", toolVersion: "1" });
    await first.append("windows", [{ record: "a", id: "x", b: 1, c: { d: 1, e: 2 } }]);
    await first.close();
    const second = await openOnDisk(disk, { agentId: "two", toolVersion: "2" });
    const [row] = await second.append("windows", [
      { record: "a", id: "x", c: { e: 2, d: 1 }, b: 1 },
    ]);
    expect(row).toMatchObject({ seq: 1, agent_id: "one", tool_version: "1" });
    await second.close();
  });
});

describe("an append whose rows nobody reads", () => {
  it("answers with what the store added to each row, and nothing of what it says", async () => {
    const store = await openOnDisk(diskWith(new Map()));
    const [brief] = await store.append("windows", [{ record: "a", text: "x" }], { isBrief: true });
    const [row] = [...store.read("windows")];
    expect(row?.["text"]).toBe("x");
    expect({ ...brief, text: "x" }).toEqual(row);
    await store.close();
  });
});

describe("reading on from a position", () => {
  it("sees each row of two writers once, in order, over sealed segments", async () => {
    const disk = diskWith(new Map());
    const [one, two] = [await openOnDisk(disk, SMALL), await openOnDisk(disk, SMALL)];
    let position: Position | undefined;
    const seen: Row[] = [];
    const readOn = (reader: LedgerReader): void => {
      const since = reader.readFrom("windows", position);
      seen.push(...since.rows);
      position = since.end;
    };
    for (const n of numbers(15)) {
      await (n % 3 === 0 ? two : one).append("windows", [{ record: "a", n }]);
      if (n % 2 === 0) readOn(one);
    }
    readOn(two);
    expect(seen.map((row) => row["n"])).toEqual(numbers(15));
    await Promise.all([one.close(), two.close()]);
  });

  it("reads what was there when it began, though the file is sealed before it is read", async () => {
    const disk = diskWith(new Map());
    const store = await openOnDisk(disk, SMALL);
    await store.append("windows", [{ record: "a", n: 0 }]);
    const { rows } = store.readFrom("windows");
    for (const n of numbers(8)) await store.append("windows", [{ record: "a", n }]);
    expect(disk.list(FOLDER).filter((name) => name.startsWith("windows.0")).length).toBeGreaterThan(
      1,
    );
    expect([...rows].map((row) => row["n"])).toEqual([0]);
    await store.close();
  });
});

describe("a reading that continues after damage", () => {
  it("finds a row that shares its line with half another", () => {
    const { rows, damage } = readDamaged((lines) => [`${lines[0]?.slice(0, 90)}${lines[1]}`]);
    expect(rows.map((row) => row["window"])).toEqual(["W0-02"]);
    expect(damage.map(({ offset, bytes, what }) => [offset, bytes, what])).toEqual([
      [0, 90, "these bytes are not a row"],
      [0, 0, expect.stringContaining("rows are missing, moved or of another ledger")],
    ]);
  });

  it("finds the rows after a line of three million bytes", () => {
    const { rows, damage } = readDamaged((lines) => ["x".repeat(3_000_000), ...lines]);
    expect(rows.map((row) => row["window"])).toEqual(["W0-01", "W0-02"]);
    expect(damage.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(3_000_000);
  });

  it("reports a missing segment", async () => {
    const files = new Map(goldenFiles());
    files.delete("windows.000001.jsonl");
    files.set("windows.000002.jsonl", files.get("windows.jsonl") ?? Buffer.alloc(0));
    const { reader, damage } = readOnDisk(diskWith(files));
    expect([...reader.read("windows")]).toHaveLength(2);
    expect(damage.map(({ segment, what }) => [segment, what])).toContainEqual([
      1,
      "the segment is missing",
    ]);
    await expect(openOnDisk(diskWith(files))).rejects.toThrow(LedgerDamagedError);
  });
});

describe("checkpoints", () => {
  it("are made by the store itself every so many rows, and name a file's end", async () => {
    const disk = diskWith(new Map());
    const store = await openOnDisk(disk, { limits: { checkpointEveryRows: 5 } });
    for (const n of numbers(10)) await store.append("windows", [{ record: "a", n }]);
    await store.append("churn", [{ record: "a" }]);
    await store.close();
    const rows = [...store.read("checkpoints")].map((row) => CheckpointMade.parse(row));
    const [head] = rows[0]?.heads ?? [];
    expect(head?.file).toBe("windows");
    expect(head?.seq).toBeGreaterThanOrEqual(5);
    expect([...store.read("windows")].find(({ seq }) => seq === head?.seq)?.h).toBe(head?.h);
    expect(rows[0]?.ledger_id).toBe(store.ledgerId);
    expect(rows[0]?.heads_sha256).toBe(headsSha256(rows[0]?.heads ?? []));
  });

  it("sync only the files that have new rows, whoever wrote them", async () => {
    const disk = diskWith(new Map());
    const process = disk.process();
    let syncs = 0;
    const fileSystem = withCall(process, "fdatasync", async (fd) => {
      syncs += 1;
      await process.fdatasync(fd);
    });
    const [store, other] = [await openOnDisk(disk, { fileSystem }), await openOnDisk(disk)];
    for (const file of ["windows", "churn", "looks"] as const) {
      await store.append(file, [{ record: "a" }]);
    }
    expect(syncs).toBe(3);
    await store.heads();
    expect(syncs).toBe(3);
    await other.append("churn", [{ record: "a" }]);
    await store.heads();
    expect(syncs).toBe(4);
    await Promise.all([store.close(), other.close()]);
  });
});

describe("a snapshot", () => {
  it("reads the same rows after its segments were sealed, and ends where the file ended", async () => {
    const disk = diskWith(new Map());
    const store = await openOnDisk(disk, { limits: { segmentBytesMax: 1_000 } });
    for (const n of numbers(4)) await store.append("windows", [{ record: "a", n }]);
    const [snapshot, heads] = [store.snapshot(), await store.heads()];
    for (const n of numbers(9)) await store.append("windows", [{ record: "b", n }]);
    expect([...snapshot.read("windows")].map(({ record }) => record)).toEqual(["a", "a", "a", "a"]);
    expect(headsSha256(snapshot.ends)).toBe(headsSha256(heads));
    await store.close();
  });
});

describe("opening", () => {
  it("writes nothing to a ledger that is whole", async () => {
    const disk = diskWith(goldenFiles());
    await (await openOnDisk(disk)).close();
    for (const [name, bytes] of goldenFiles()) expect(contentOf(disk, name)).toEqual(bytes);
  });

  it("gives the ledger one id, though several processes make it at once", async () => {
    const disk = diskWith(new Map());
    const stores = await Promise.all(numbers(5).map(() => openOnDisk(disk)));
    expect(new Set(stores.map(({ ledgerId }) => ledgerId)).size).toBe(1);
    for (const store of stores) await store.close();
    expect(disk.list(FOLDER)).toEqual(["ledger.json"]);
  });
});

function readDamaged(change: (lines: readonly string[]) => readonly string[]) {
  const golden = goldenFiles();
  const lines = (golden.get("windows.000001.jsonl") ?? "").toString().split("\n").slice(0, 2);
  const windows = Buffer.from(
    change(lines)
      .map((line) => `${line}\n`)
      .join(""),
  );
  const header = golden.get("ledger.json") ?? Buffer.alloc(0);
  const disk = diskWith(
    new Map([
      ["ledger.json", header],
      ["windows.jsonl", windows],
    ]),
  );
  const { reader, damage } = readOnDisk(disk);
  return { rows: [...reader.read("windows")], damage };
}

function contentOf(disk: SimulatedDisk, name: string): Buffer {
  return disk.fileAt(`${FOLDER}/${name}`)?.content ?? Buffer.alloc(0);
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

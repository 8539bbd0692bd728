import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect, it } from "vitest";

import { headsSha256 } from "./heads-sha256.ts";
import { openJsonlStore } from "./open-jsonl-store.ts";
import { manualClock } from "./test-support/manual-clock.ts";

const WINDOWS = { file: "windows", seq: 12, h: "w".repeat(43) } as const;
const BUDGETS = { file: "budgets", seq: 7, h: "b".repeat(43) } as const;
const CHECKPOINTS = { file: "checkpoints", seq: 1, h: "c".repeat(43) } as const;

it("is what sha256sum prints for a line for each file, in the order of their names", () => {
  expect(headsSha256([WINDOWS, BUDGETS])).toBe(
    "b5384ff33f05bd550cfab3b019e0b525fd2f1c2be6d5178752fa5d576de80550",
  );
});

it("does not change with the checkpoints", () => {
  expect(headsSha256([BUDGETS, CHECKPOINTS])).toBe(headsSha256([BUDGETS]));
});

it.each([
  ["a row more", { ...WINDOWS, seq: 13 }],
  ["another last row", { ...WINDOWS, h: "x".repeat(43) }],
])("changes with %s", (_what, other) => {
  expect(headsSha256([BUDGETS, other])).not.toBe(headsSha256([BUDGETS, WINDOWS]));
});

it("is what the script in the documentation computes, even after a sealed segment", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "heads-"));
  try {
    const parts = { folder, clock: manualClock(), agentId: "a", toolVersion: "1" };
    const store = await openJsonlStore({ ...parts, limits: { segmentBytesMax: 1_000 } });
    // The last row of `looks` seals its segment, and no other follows.
    const row = { record: "a", text: 'x","h":"y"}' };
    for (const file of ["windows", "windows", "windows", "windows", "budgets"] as const) {
      await store.append(file, [row]);
    }
    await store.append("looks", [{ record: "a", text: "x".repeat(1_000) }]);
    await store.append("checkpoints", [{ record: "a" }]);
    const page = readFileSync(
      path.join(import.meta.dirname, "../../docs/ledger-format.md"),
      "utf8",
    );
    const script = /^## One hash for all rows$.*?^```sh$\n(?<script>.*?)^```$/msu.exec(page);
    const said = execFileSync("sh", ["-c", script?.groups?.["script"] ?? "false"], { cwd: folder });
    expect(said.toString()).toBe(`${headsSha256(store.snapshot().ends)}  -\n`);
    await store.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

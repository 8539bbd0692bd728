import { hash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach, beforeEach, expect, it } from "vitest";

import type { NewRow } from "../domain/row.ts";
import { nodeFileSystem } from "../store/node-file-system.ts";
import { openJsonlStore } from "../store/open-jsonl-store.ts";
import { manualClock } from "../store/test-support/manual-clock.ts";
import { checkCitedFiles } from "./check-cited-files.ts";

const TEXT = "one\ntwo\n";
const LOG = { file: "captures/0123456789ab/W0-01-1.jsonl", sha256: hash("sha256", TEXT) };

let root = "";

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "cited-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function put(name: string, text: string): void {
  const file = path.join(root, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** The findings if the only row of a window says so. */
async function find(row: Omit<NewRow, "record">) {
  const folder = path.join(root, "ledger");
  const parts = { clock: manualClock(), agentId: "a", toolVersion: "1" };
  const store = await openJsonlStore({ folder, ...parts });
  await store.append("windows", [{ record: "window_finalized", window: "W0-01", ...row }]);
  await store.close();
  const place = { fileSystem: nodeFileSystem, folder, ledgerId: store.ledgerId };
  return checkCitedFiles({ ...place, dataFolder: root });
}

it("finds nothing where what an agent printed is what its row cites", async () => {
  put(LOG.file, TEXT);
  expect(await find({ agent_logs: [LOG] })).toEqual([]);
});

it.each([
  ["a final row", { agent_logs: [LOG] }],
  ["an attempt without a grade", { ungraded: { agent_logs: [LOG] } }],
])("finds other bytes than %s cites", async (_what, row) => {
  put(LOG.file, "one\nthree\n");
  const [finding, ...others] = await find(row);
  expect(finding).toMatchObject({ kind: "log-changed", severity: "damage", file: "windows" });
  expect(finding?.message).toMatch(/what the agent of W0-01 printed.*it was changed/u);
  expect(others).toEqual([]);
});

it("tells changed line ends from other changes", async () => {
  put(LOG.file, TEXT.replaceAll("\n", "\r\n"));
  const [finding] = await find({ agent_logs: [LOG] });
  expect(finding?.message).toContain("end in CR LF in place of LF");
});

it("names the worker that has the file", async () => {
  const machine = { worker: "w1", class: "x" };
  const [finding] = await find({ agent_logs: [LOG], machine });
  expect(finding).toMatchObject({ kind: "log-missing", severity: "unchecked" });
  expect(finding?.message).toContain("what the agent of W0-01 (worker w1) printed");
});

it.each([
  "../secret.jsonl",
  "captures/../secret.jsonl",
  "captures/0123456789ab/../../secret.jsonl",
])("reads no file elsewhere: %s", async (file) => {
  put("secret.jsonl", "another text");
  expect((await find({ agent_logs: [{ ...LOG, file }] })).map(({ kind }) => kind)).toEqual([
    "log-missing",
  ]);
});

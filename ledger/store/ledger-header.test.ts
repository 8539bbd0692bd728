import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { readOrMakeLedgerId } from "./ledger-header.ts";
import { nodeFileSystem } from "./node-file-system.ts";

test("a process that was killed while it made the header of a store's copy keeps no other from it", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "header-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const id = "018bcfe5-6800-76a6-905e-a6ef872c0483";
  writeFileSync(path.join(folder, `ledger.json.${id}.new`), "");
  expect(readOrMakeLedgerId({ fileSystem: nodeFileSystem, folder }, () => id)).toBe(id);
});

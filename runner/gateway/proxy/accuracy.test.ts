import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { runAccuracy } from "./test-support/run-accuracy.ts";

const REQUESTS = 500;

test("the ledger has the tokens that were dealt, to the token, whatever goes wrong on the way", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "counterbalance-accuracy-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const figures = await runAccuracy({ requests: REQUESTS, connections: 16, folder });
  expect(figures.wrong).toEqual([]);
  expect(figures.rows).toBe(REQUESTS);
  expect(figures.recorded).toBe(figures.dealt);
  expect(figures.dealt).toBeGreaterThan(1e7);
  for (const count of figures.faults.values()) expect(count).toBeGreaterThan(20);
});

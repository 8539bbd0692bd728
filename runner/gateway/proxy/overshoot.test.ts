import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { runOvershoot } from "./test-support/run-overshoot.ts";

const CLIENTS = 64;

test.each(["a", "b", "c"])(
  "many clients at one cap overspend at most what was in flight, and each is refused once (%s)",
  async (seed) => {
    const folder = mkdtempSync(path.join(tmpdir(), "counterbalance-overshoot-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const figures = await runOvershoot({ clients: CLIENTS, durationMs: 1000, seed, folder });
    expect(figures.spent).toBeGreaterThan(figures.cap / 2);
    expect(figures.overshoot).toBeLessThanOrEqual(figures.inFlightTokens);
    expect(figures.inFlightRequests).toBeLessThanOrEqual(CLIENTS);
    expect([figures.stopped, figures.refused]).toEqual([CLIENTS, CLIENTS]);
  },
  240_000,
);

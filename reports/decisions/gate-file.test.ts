import { createHash } from "node:crypto";

import { expect, it } from "vitest";

import { DEFAULT_GATES, GateFile, gateFileSha256 } from "./gate-file.ts";

/** Canonical JSON (RFC 8785) of the default thresholds, written out. */
const DEFAULT_TEXT =
  '{"alpha":0.05,"backlog_min":2,"ci_width_max":0.3,"cost_target":2,"error_margin":0.02,' +
  '"latency_margin":1.3,"min_pairs":3,"min_windows":3,"policy":"standard","power_min":0.8,' +
  '"quality_min":0.8,"srm_threshold":0.001,"version":1}';

it("hashes the values of a gate file, those that it leaves out included", () => {
  const expected = createHash("sha256").update(DEFAULT_TEXT).digest("hex");
  expect(gateFileSha256(DEFAULT_GATES)).toBe(expected);
  expect(gateFileSha256(GateFile.parse({ version: 1, cost_target: 2 }))).toBe(expected);
});

it.each<Partial<GateFile>>([
  { alpha: 0.01 },
  { min_windows: 4 },
  { min_pairs: 4 },
  { ci_width_max: 0.4 },
  { power_min: 0.9 },
  { quality_min: 0.9 },
  { cost_target: 3 },
  { error_margin: 0.01 },
  { latency_margin: 1.2 },
  { backlog_min: 3 },
  { srm_threshold: 0.01 },
  { policy: "strict" },
])("hashes the threshold %o", (change) => {
  const text = JSON.stringify(
    Object.fromEntries(
      Object.entries({ ...DEFAULT_GATES, ...change }).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ),
  );
  const expected = createHash("sha256").update(text).digest("hex");
  expect(gateFileSha256({ ...DEFAULT_GATES, ...change })).toBe(expected);
  expect(expected).not.toBe(gateFileSha256(DEFAULT_GATES));
});

it("gives another threshold another hash", () => {
  const other = GateFile.parse({ version: 1, cost_target: 4 });
  expect(gateFileSha256(other)).not.toBe(gateFileSha256(DEFAULT_GATES));
});

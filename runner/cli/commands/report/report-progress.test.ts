import { PassThrough } from "node:stream";

import { describe, expect, it } from "vitest";

import { processEnvironment } from "../../../platform/environment/environment.ts";
import { openReportProgress } from "./report-progress.ts";

/** What a report of three seconds writes to stderr. */
function writtenOn(terminal: { readonly isTTY: boolean }, variables = {}): string {
  const stderr = Object.assign(new PassThrough({ encoding: "utf8" }), terminal, { columns: 80 });
  let nowMs = 0;
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
  const progress = openReportProgress({ ...processEnvironment(), stderr, clock, variables });
  progress.step("reading the ledger");
  nowMs = 3000;
  progress.step("drawing slopes");
  progress.close();
  return String(stderr.read() ?? "");
}

describe("the progress of a report", () => {
  it("is a line for each step in a log, after the first second", () => {
    expect(writtenOn({ isTTY: false })).toBe("Report: drawing slopes (3 s)\n");
    expect(writtenOn({ isTTY: true }, { CI: "true" })).toBe("Report: drawing slopes (3 s)\n");
  });

  it("is erased from a terminal at the end", () => {
    const written = writtenOn({ isTTY: true });
    expect(written).toContain("drawing slopes");
    expect(written.lastIndexOf("\u001B[2K")).toBeGreaterThan(written.indexOf("drawing slopes"));
  });
});

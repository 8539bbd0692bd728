import { writeFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import type { Usage } from "../../../ledger/domain/usage.ts";
import { temporaryFolder } from "../../platform/test-support/temporary-folder.ts";
import { driverNamed } from "./registry.ts";

/** Recorded output of the tested versions against a scripted server, texts taken out. */
const recorded = (name: string) => new URL(`recorded/${name}.jsonl`, import.meta.url).pathname;

async function reportOf(driver: string, capture: string) {
  const read = await driverNamed(driver).readReport?.({ capture, home: "/nowhere" });
  return read?.value;
}

async function reportOfLines(driver: string, lines: readonly unknown[]) {
  const capture = path.join(temporaryFolder(), "capture.jsonl");
  const texts = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
  writeFileSync(capture, texts.join("\n"));
  return await reportOf(driver, capture);
}

/** What the server itself counted of the requests that each client reports. */
const DEALT: readonly [string, string, Partial<Usage>][] = [
  [
    "opencode",
    "opencode-basic-anthropic",
    { input_uncached: 156, cache_read: 23_432, cache_write_5m: 4701, output: 744, reasoning: 0 },
  ],
  [
    "opencode",
    "opencode-basic-responses",
    { input_uncached: 449, cache_read: 26_742, cache_write_5m: 4335, output: 777, reasoning: 6 },
  ],
  // Its sub-agent's two requests are missing.
  [
    "opencode",
    "opencode-subagent",
    { input_uncached: 249, cache_read: 46_932, cache_write_5m: 5646, output: 572, reasoning: 0 },
  ],
  [
    "gemini",
    "gemini-basic",
    { input_uncached: 180, cache_read: 15_424, output: 610, reasoning: 14 },
  ],
  ["qwen", "qwen-basic-openai", { input_uncached: 3423, cache_read: 30_596, output: 503 }],
  // The API's 4747 written tokens are part of its uncached input.
  ["qwen", "qwen-basic-anthropic", { input_uncached: 4867, cache_read: 9389, output: 603 }],
  ["qwen", "qwen-subagent", { input_uncached: 6526, cache_read: 49_867, output: 1001 }],
  [
    "pi",
    "pi-basic-anthropic",
    {
      input_uncached: 158,
      cache_read: 26_329,
      cache_write_5m: 3957,
      cache_write_1h: 271,
      output: 505,
    },
  ],
  [
    "pi",
    "pi-basic-responses",
    {
      input_uncached: 591,
      cache_read: 25_717,
      cache_write_5m: 3949,
      cache_write_1h: 0,
      output: 391,
      reasoning: 18,
    },
  ],
];

describe("a client's own report agrees with the server", () => {
  it.each(DEALT)("%s on %s", async (driver, name, usage) => {
    const report = await reportOf(driver, recorded(name));
    // No client says the number of its requests.
    expect(report?.usage).toEqual({ ...usage, requests: 0 });
  });

  it("says what opencode leaves out, and its price", async () => {
    const report = await reportOf("opencode", recorded("opencode-basic-anthropic"));
    expect(report).toMatchObject({ isMainOnly: true, isPartial: true });
    expect(report?.costUsd).toBeCloseTo(0.036_286_35, 10);
  });
});

describe.each(["opencode", "gemini", "qwen", "pi", "builtin-agent"])("%s", (driver) => {
  it("has no report without an output, or in an output of other lines", async () => {
    expect(await reportOf(driver, "/nowhere/absent")).toEqual({});
    const lines = [
      'a word about "result", "message_end" and "step_finish"',
      '{"type":"result"',
      { type: "result", stats: { total_tokens: -1 }, usage: { input_tokens: -1 } },
      { type: "message_end", message: { role: "assistant", usage: { input: "many" } } },
      { type: "step_finish", part: { tokens: null } },
    ];
    expect(await reportOfLines(driver, lines)).toEqual({});
  });
});

describe("the built-in agent's report", () => {
  const usage = { input_uncached: 7, output: 3, requests: 2 };
  const result = { type: "result", outcome: "done", turns: 2, usage, message: "Done." };

  it("counts all of its answers", async () => {
    expect(await reportOfLines("builtin-agent", [result])).toEqual({ usage });
  });

  it.each([
    ["after a retry", [{ type: "retry", reason: "r", wait_ms: 1 }, result]],
    ["after a failure", [{ ...result, outcome: "failed" }]],
  ])("may lack an answer that broke off %s", async (_, lines) => {
    expect(await reportOfLines("builtin-agent", lines)).toEqual({ usage, isPartial: true });
  });
});

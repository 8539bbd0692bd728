import { describe, expect, it } from "vitest";

import type { Lane } from "../domain/usage-ingested.ts";
import { coverageOf, sharedLane } from "./source-coverage.ts";

function said(source: string, ...lanes: readonly Lane[]) {
  return { source, lanes: new Map(lanes.map((lane) => [lane, { output: 1, requests: 1 }])) };
}

describe("the coverage of a source", () => {
  it.each([
    [said("claude-session", "main"), "apart"],
    [said("codex-rollout", "main", "subagent"), "apart"],
    [said("otlp", "main"), "apart"],
    [said("otlp", "all"), "together"],
    [said("proxy-telemetry", "main", "all"), "together"],
    [said("ccusage-daily", "all"), "together"],
    [said("codex-exec", "main"), "main"],
    [said("claude-result", "main"), "main"],
    [said("claude-result", "all"), "together"],
    [said("claude-result", "main", "all"), "part"],
    [said("codex", "main"), "main"],
  ] as const)("of %o is %s", (source, coverage) => {
    expect(coverageOf(source)).toBe(coverage);
  });
});

const CLAUDE = said("claude-session", "main", "subagent");
const EXEC = said("codex-exec", "main");

describe("two sources are compared", () => {
  it.each([
    ["in all lanes", [CLAUDE, said("ccusage-daily", "all")], "all"],
    ["in the main lane", [CLAUDE, said("claude-result", "main")], "main"],
    ["in the main lane of both", [EXEC, said("claude-result", "main")], "main"],
    ["in nothing if one has no agents apart", [said("otlp", "all"), EXEC], null],
    ["in nothing if one has no main agent", [said("proxy", "subagent"), EXEC], null],
    ["in nothing if one is mixed", [CLAUDE, said("claude-result", "main", "all")], null],
  ] as const)("%s", (_how, [one, other], lane) => {
    expect(sharedLane(one, other)).toBe(lane);
    expect(sharedLane(other, one)).toBe(lane);
  });
});

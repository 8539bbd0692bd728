import { describe, expect, it } from "vitest";

import { baseCommand } from "./parse-budget.ts";

describe("baseCommand", () => {
  it.each([
    ["/implement lru-cache", "/implement"],
    ["/implement", "/implement"],
    ["  /implement\n\tlru-cache ", "/implement"],
    ["/Implement LRU", "/implement"],
    ["/team:review all of it", "/team:review"],
    ["/cafe\u0301 x", "/caf\u00e9"],
  ])("keeps the first word of the slash command %j", (command, base) => {
    expect(baseCommand(command)).toBe(base);
  });

  it.each([
    ["Fix the failing   test", "fix the failing test"],
    ["implement lru-cache", "implement lru-cache"],
    ["/ implement", "/ implement"],
    ["// a comment", "// a comment"],
    ["", ""],
  ])("keeps the whole text of the raw prompt %j", (prompt, base) => {
    expect(baseCommand(prompt)).toBe(base);
  });

  it("gives its own result back unchanged", () => {
    for (const command of ["/Implement x", "Do  THIS", "/a /b"]) {
      expect(baseCommand(baseCommand(command))).toBe(baseCommand(command));
    }
  });
});

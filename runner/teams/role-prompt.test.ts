import { expect, it } from "vitest";

import { readWorkflow } from "./read-workflow.ts";
import { composeRolePrompt } from "./role-prompt.ts";

const [, , REVIEWER] = readWorkflow("team", ".").roles;

it("has no null byte, with which no program can be started", () => {
  if (REVIEWER === undefined) throw new Error("The shipped team has no third role.");
  const materials = { diff: "+before\0after" };
  const prompt = composeRolePrompt({ role: REVIEWER, round: 1, title: "A cache", materials });
  expect(prompt).toContain("+before\u{FFFD}after");
  expect(prompt).not.toContain("\0");
});

it("fits into one argument of a command line, whatever it shows", () => {
  if (REVIEWER === undefined) throw new Error("The shipped team has no third role.");
  const long = "§".repeat(200_000);
  const materials = { task: long, criteria: long, diff: long };
  const lastReview = "x".repeat(32 * 1024);
  const turn = { role: REVIEWER, round: 2, title: "A cache", materials, lastReview };
  const prompt = composeRolePrompt(turn);
  expect(Buffer.byteLength(prompt)).toBeLessThan(128 * 1024);
  expect(prompt).toContain("bytes more are left out here.]");
});

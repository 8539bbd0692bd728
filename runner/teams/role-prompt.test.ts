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

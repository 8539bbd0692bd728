import { expect, test } from "vitest";

import { readRolePrompt } from "./read-role-prompt.ts";

const REVIEW = `---
handoff: review
role: reviewer
summary: One finding.
files: []
messages: []
tests: [{ run: node --test, exit_code: 0, result: All pass. }]
decisions: []
problems: []
limitations: []
validation: [{ what: The tests pass., by: reviewer, how: node --test }]
verdict: rework
findings:
  - number: 3
    name: "a limit of \\"1.5\\""
    status: open
    file: src/a.mjs
    line: 5
    finding: It is accepted.
    reproduction: Try it.
    fix: Refuse it.
---

# Review

A rule follows.

---
`;
const PLAN = `---
handoff: plan
summary: Plan 12 of the script meets every scenario of "Slugs".
---
`;
const EXAMPLE = `---
handoff: review
summary: Plan 99 of the script
---`;

function promptOf(...parts: readonly string[]): string {
  return [
    "You work as the second-reviewer of a team, round 2.",
    "Task: Slugs",
    ...parts,
    "",
    "Hand over: write a review to .counterbalance/handoff.md before you end.",
    EXAMPLE,
  ].join("\n");
}

test("a role's prompt names the role, the round, and the handoff", () => {
  expect(readRolePrompt(promptOf())).toEqual({
    role: "second-reviewer",
    round: 2,
    kind: "review",
    path: ".counterbalance/handoff.md",
    isRefused: false,
  });
});

test("a client's reminder may come before a role's prompt", () => {
  expect(readRolePrompt(`<reminder>\n\n${promptOf()}`)?.role).toBe("second-reviewer");
});

test("a prompt shows the plan's number and the review of the round before", () => {
  const prompt = readRolePrompt(promptOf(PLAN, "Your review of the round before:", REVIEW));
  expect(prompt?.planNumber).toBe(12);
  expect(prompt?.review?.findings).toMatchObject([{ number: 3, name: 'a limit of "1.5"' }]);
});

test("a review is read from a prompt in quotes, as opencode sends it", () => {
  const quoted = `"${promptOf("Your review of the round before:", REVIEW).replaceAll('"', String.raw`\"`)}"`;
  expect(readRolePrompt(quoted)?.review?.findings).toMatchObject([{ name: 'a limit of "1.5"' }]);
});

test("a refused handoff is noticed", () => {
  const faults = "Your handoff was refused. Its faults, by line:\nhandoff.md:3: expected a list.";
  expect(readRolePrompt(promptOf(faults))?.isRefused).toBe(true);
});

test("a review with a fault is no review", () => {
  const broken = REVIEW.replace("number: 3", "number: 0");
  expect(readRolePrompt(promptOf(broken))?.review).toBeUndefined();
});

test.each([
  { what: "without a role", prompt: promptOf().replace("You work as", "They work as") },
  { what: "without a handoff", prompt: promptOf().replace("Hand over:", "Pass on:") },
  { what: "for an unknown handoff", prompt: promptOf().replace("write a review", "write a poem") },
  { what: "of a single agent", prompt: "Feature: Slugs" },
])("a prompt $what is no role's", ({ prompt }) => {
  expect(readRolePrompt(prompt)).toBeUndefined();
});

import { expect, test } from "vitest";

import { checkRoles } from "./check-roles.ts";
import { readWorkflow } from "./read-workflow.ts";
import { type Role, WorkflowFile } from "./workflow-file.ts";

const BUILDER = { command: "/build", reads: ["task"], writes: ["**"], handoff: "implementation" };

/** Faults of a workflow of roles that each have a fitting prompt. */
function faultsOf(...roles: readonly (Partial<Role> & Pick<Role, "name">)[]): readonly string[] {
  const complete = roles.map((role) => {
    const { reads } = { ...BUILDER, ...role };
    const prompt = ["handoff", ...reads].map((name) => `{${name}}`).join(" ");
    return { ...BUILDER, prompt, ...role };
  });
  const workflow = WorkflowFile.parse({ version: 1, roles: complete });
  return checkRoles(workflow).map(({ path, expected }) => `${path.join(".")}: ${expected}`);
}

const BEFORE = "something that exists before the role works";

test("the shipped workflow has the four roles, and a review that sends work back three times", () => {
  const { roles } = readWorkflow("team", ".");
  expect(roles.map(({ name }) => name)).toEqual([
    "planner",
    "implementer",
    "reviewer",
    "documenter",
  ]);
  expect(roles.find(({ sends_back_to }) => sends_back_to !== undefined)).toMatchObject({
    name: "reviewer",
    sends_back_to: "implementer",
    rounds_max: 3,
    reads: ["task", "criteria", "diff"],
  });
});

test("a role reads the handoffs of earlier roles, and not its own", () => {
  expect(faultsOf({ name: "one" }, { name: "two", reads: ["one"] })).toEqual([]);
  expect(faultsOf({ name: "one", reads: ["one"] })).toEqual([`roles.0.reads.0: ${BEFORE}`]);
});

test("a role reads nothing of the role that works at the same time", () => {
  const beside = { name: "three", parallel: true };
  expect(faultsOf({ name: "one" }, { name: "two" }, { ...beside, reads: ["one"] })).toEqual([]);
  expect(faultsOf({ name: "one" }, { name: "two" }, { ...beside, reads: ["two"] })).toEqual([
    `roles.2.reads.0: ${BEFORE}`,
  ]);
  expect(
    faultsOf(
      { name: "one" },
      { name: "two" },
      { ...beside, reads: ["diff"] },
      { name: "four", parallel: true, reads: ["three"] },
    ),
  ).toEqual([`roles.3.reads.0: ${BEFORE}`]);
});

test("the first role can't be parallel to another", () => {
  expect(faultsOf({ name: "one", parallel: true })).toEqual([
    "roles.0.parallel: false for the first role",
  ]);
});

test("a role that mends findings may read the review from a later place", () => {
  const review: Partial<Role> & Pick<Role, "name"> = {
    name: "critic",
    handoff: "review",
    writes: [],
    reads: ["diff"],
  };
  const builder = { name: "builder", reads: ["task", "critic"] };
  expect(faultsOf(builder, { ...review, sends_back_to: "builder" })).toEqual([]);
  expect(faultsOf(builder, review)).toEqual([`roles.0.reads.1: ${BEFORE}`]);
});

test("two braces stand for one", () => {
  expect(faultsOf({ name: "one", prompt: "{task} {handoff} {{task2} {{}" })).toEqual([]);
});

test("a provider names its model", () => {
  expect(faultsOf({ name: "one", provider: "a", model: "b" })).toEqual([
    "roles.0.model: absent if there is a provider",
  ]);
});

test.each(["task", "diff", "criteria", "handoff", "Planner", "a b", "-a"])(
  "no role has the name %j",
  (name) => {
    const role = { ...BUILDER, name, prompt: "{task} {handoff}" };
    expect(WorkflowFile.safeParse({ version: 1, roles: [role] }).success).toBe(false);
  },
);

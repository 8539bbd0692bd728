import { expect, it } from "vitest";

import { groupRoles, nextGroup, type Progress } from "./next-role.ts";
import { readWorkflow } from "./read-workflow.ts";
import type { Role } from "./workflow-file.ts";

const { roles } = readWorkflow("team", ".");
const [PLANNER, IMPLEMENTER, REVIEWER, DOCUMENTER] = roles;

function progressAt(name: string, changes: Partial<Progress> = {}): Progress {
  const groups = groupRoles(roles);
  const at = groups.findIndex((group) => group.roles.some((role) => role.name === name));
  return { groups, at, verdicts: new Map(), sentBack: new Map(), ...changes };
}

function namesAfter(progress: Progress): readonly string[] {
  return progress.groups[nextGroup(progress)]?.roles.map(({ name }) => name) ?? [];
}

const REWORK = new Map([["reviewer", "rework"]] as const);

it("lets the roles work in their order", () => {
  expect(namesAfter(progressAt("planner"))).toEqual(["implementer"]);
  expect(namesAfter(progressAt("implementer"))).toEqual(["reviewer"]);
  expect(namesAfter(progressAt("reviewer"))).toEqual(["documenter"]);
  expect(namesAfter(progressAt("documenter"))).toEqual([]);
});

it.each([
  [0, "implementer"],
  [2, "implementer"],
  [3, "documenter"],
])("sends work back for the %i. time at the most three times", (times, next) => {
  const sentBack = new Map([["reviewer", times]]);
  expect(namesAfter(progressAt("reviewer", { verdicts: REWORK, sentBack }))).toEqual([next]);
});

it("does not send back what is accepted, or what another role has reviewed", () => {
  const verdicts = new Map([["reviewer", "accept"]] as const);
  expect(namesAfter(progressAt("reviewer", { verdicts }))).toEqual(["documenter"]);
  expect(namesAfter(progressAt("implementer", { verdicts: REWORK }))).toEqual(["reviewer"]);
});

it("lets a parallel role work at the same time as the one before it", () => {
  const team = [PLANNER, IMPLEMENTER, REVIEWER, DOCUMENTER].filter((role) => role !== undefined);
  const beside = team.map((role): Role => ({ ...role, parallel: role === DOCUMENTER }));
  const names = groupRoles(beside).map((group) => group.roles.map(({ name }) => name));
  expect(names).toEqual([["planner"], ["implementer"], ["reviewer", "documenter"]]);
});

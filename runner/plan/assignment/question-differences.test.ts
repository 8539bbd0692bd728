import { expect, test } from "vitest";

import { differencesOf, isAddedTask } from "./question-differences.ts";

const QUESTION = {
  experiment_id: "0123456789ab",
  seed: "1",
  providers: [
    { id: "small", model: "a" },
    { id: "large", model: "b", workflow: "solo" },
  ],
  design: { replicates: 1, strata: ["stratum"] },
  tasks: [
    { id: "lru-cache", digest: "0f" },
    { id: "rate.limiter", digest: "1e" },
  ],
  assignments: [{ feature_id: "lru-cache" }],
};

function fieldsWith(changes: object): readonly string[] {
  return differencesOf(QUESTION, { ...QUESTION, ...changes }).map(({ field }) => field);
}

test("what later cohorts add to a question is no difference", () => {
  expect(fieldsWith({ cohort: 2, assignments: [], experiment_id: "ba9876543210" })).toEqual([]);
});

test("a field without a value is an absent one", () => {
  expect(fieldsWith({ network: undefined })).toEqual([]);
});

test.each([
  [{ seed: "2" }, ["seed"]],
  [{ network: "open" }, ["network"]],
  [{ providers: QUESTION.providers.toReversed() }, ["providers"]],
  [{ providers: QUESTION.providers.slice(1) }, ["providers.small"]],
  [{ providers: [{ id: "small", model: "c" }, QUESTION.providers[1]] }, ["providers.small.model"]],
  [{ design: { replicates: 2, strata: ["family"] } }, ["design.replicates", "design.strata"]],
  [{ tasks: QUESTION.tasks.slice(0, 1) }, ["the task rate.limiter"]],
  [
    { tasks: [QUESTION.tasks[0], { id: "rate.limiter", digest: "2d" }] },
    ["digest of the task rate.limiter"],
  ],
])("%j differs in %j", (changes, fields) => {
  expect(fieldsWith(changes)).toEqual(fields);
});

test("a field that a question has lost is a difference too", () => {
  const { design: _, ...less } = QUESTION;
  expect(differencesOf(QUESTION, less)).toEqual([
    { field: "design", registered: QUESTION.design, now: undefined },
  ]);
});

test("a task that was added is one, and a task that was removed is not", () => {
  const [first] = QUESTION.tasks;
  const [less, more] = [{ ...QUESTION, tasks: [first] }, QUESTION];
  expect(differencesOf(less, more).map(isAddedTask)).toEqual([true]);
  expect(differencesOf(more, less).map(isAddedTask)).toEqual([false]);
});

import { expect, test } from "vitest";

import { type Grade, GraderError, GraderStarvedError } from "./grade-result.ts";
import { gradeWhenPossible } from "./grade-when-possible.ts";

const GRADE: Grade = {
  scenarios: [],
  quality: 1,
  qualityVisible: undefined,
  qualityHeldOut: undefined,
  durationMs: 1,
  isolation: "none",
  cucumberVersion: "1",
};
const never = new AbortController().signal;

/** Fails so often, and then grades. */
function failing(times: number, error: Error) {
  const tries = { count: 0 };
  const grade = async (): Promise<Grade> => {
    tries.count += 1;
    return tries.count <= times ? await Promise.reject(error) : await Promise.resolve(GRADE);
  };
  return { tries, grade };
}

test("a starved grading is tried again until the machine lets it judge", async () => {
  const { tries, grade } = failing(2, new GraderStarvedError("starved"));
  expect(await gradeWhenPossible(grade, never, [0, 0])).toBe(GRADE);
  expect(tries.count).toBe(3);
});

test("after the last pause a starved grading stays undecided", async () => {
  const { tries, grade } = failing(9, new GraderStarvedError("starved"));
  await expect(gradeWhenPossible(grade, never, [0, 0])).rejects.toThrow("starved");
  expect(tries.count).toBe(3);
});

test("a broken suite is not tried again", async () => {
  const { tries, grade } = failing(1, new GraderError("broken"));
  await expect(gradeWhenPossible(grade, never, [0, 0])).rejects.toThrow("broken");
  expect(tries.count).toBe(1);
});

test("an interrupted run does not wait", async () => {
  const { tries, grade } = failing(9, new GraderStarvedError("starved"));
  const grading = gradeWhenPossible(grade, AbortSignal.abort(), [600_000]);
  await expect(grading).rejects.toThrow("starved");
  expect(tries.count).toBe(1);
});

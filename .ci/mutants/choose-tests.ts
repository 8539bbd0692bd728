import type { AreaMutant } from "./mutated-copy.ts";
import type { Reaches } from "./reach.ts";

/** Mutants of constants are reached by every file that loads them: the nearest files have to do. */
const TESTS_MS_MAX = 20_000;
const SCENARIOS_MS_MAX = 30_000;
const SCENARIOS_MAX = 25;

/** The test files that reach a mutant, the nearest first. */
export function nearestFiles({ key, file }: AreaMutant, reaches: Reaches): readonly string[] {
  const sorted = [...reaches]
    .filter(([, { keys }]) => keys.has(key))
    .map(([test, { ms }]) => ({ test, ms, distance: distance(test, file) }))
    .toSorted((left, right) => left.distance - right.distance || left.ms - right.ms);
  return within(TESTS_MS_MAX, sorted);
}

/** The scenarios that reach a mutant, first those that reach few others. */
export function fewestFirst({ key }: AreaMutant, reaches: Reaches): readonly string[] {
  const sorted = [...reaches]
    .filter(([, { keys }]) => keys.has(key))
    .map(([test, { ms, keys }]) => ({ test, ms, count: keys.size }))
    .toSorted((left, right) => left.count - right.count || left.ms - right.ms);
  return within(SCENARIOS_MS_MAX, sorted).slice(0, SCENARIOS_MAX);
}

/** At least one, however long it takes. */
function within(
  msMax: number,
  tests: readonly { readonly test: string; readonly ms: number }[],
): readonly string[] {
  let sumMs = 0;
  return tests
    .filter(({ ms }, index) => {
      sumMs += ms;
      return index === 0 || sumMs <= msMax;
    })
    .map(({ test }) => test);
}

/** How many folders apart a test and a file are; the test of the same name is nearest. */
function distance(test: string, file: string): number {
  if (test.replace(/\.test\.ts$/u, ".ts") === file) return -1;
  const [left, right] = [test.split("/"), file.split("/")];
  const common = left.findIndex((part, index) => part !== right[index]);
  return left.length + right.length - 2 * common;
}

import { globSync } from "node:fs";

/** The parts of runner/ whose logic decides. A folder is found wherever it is below runner/. */
const AREAS = {
  session: "runner/**/{session,spending,serving}/**/*.ts",
  budgets: "runner/**/budgets/**/*.ts",
  windows: "runner/**/windows/**/*.ts",
  tracker: "runner/**/tracker/**/*.ts",
  grading: "runner/**/grading/**/*.ts",
  cluster: "runner/**/cluster/**/*.ts",
  cache: "runner/**/{cache-*,cached-*,kept-file}.ts",
} as const;

/** Tests, and files that only word something. */
const LEFT_OUT = /\.test\.ts$|\/(?:test-support|bench)\/|\/say-[^/]*$|-errors\.ts$|-sentence\.ts$/u;

export const AREA_NAMES: readonly string[] = Object.keys(AREAS);

/** The files of each area below a folder. */
export function filesByArea(cwd: string): ReadonlyMap<string, readonly string[]> {
  const found = Object.entries(AREAS).map(([area, pattern]) => {
    const files = globSync(pattern, { cwd }).filter((file) => !LEFT_OUT.test(file));
    if (files.length === 0) throw new Error(`${pattern}: expected files of ${area}, got none.`);
    return [area, files.toSorted()] as const;
  });
  return new Map(found);
}

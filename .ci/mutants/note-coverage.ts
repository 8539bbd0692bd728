/** Runs before each test file of the first run, in a process of its own: notes which mutants the file reaches. */
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";

import { afterAll, expect } from "vitest";

const { MUTANTS_REACHED: folder } = process.env;

afterAll(() => {
  if (folder === undefined) return;
  const { testPath } = expect.getState();
  const { mutantCoverage } = Object(Reflect.get(globalThis, "__stryker__"));
  const reached = Object.keys(mutantCoverage?.static ?? {});
  writeFileSync(path.join(folder, randomUUID()), JSON.stringify({ testPath, reached }));
});

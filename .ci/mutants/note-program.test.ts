import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect, test, vi } from "vitest";

import { addNotes } from "./mutated-copy.ts";
import { PART } from "./order.ts";
import { reachedIn } from "./reach.ts";

const PATIENCE = { timeout: 120_000 };

/** A built program that reaches a mutant when it is loaded, and another one later. */
function startProgram(later: string) {
  const folder = mkdtempSync(path.join(tmpdir(), "counterbalance-test-"));
  const notes = path.join(folder, "notes");
  mkdirSync(notes);
  const program = path.join(folder, "program.cjs");
  writeFileSync(
    program,
    `const reached = { 4: 1 };
    globalThis.__stryker__ = { mutantCoverage: { static: reached } };
    setTimeout(() => (reached[7] = 1), 0);
    ${later}
    //# sourceMappingURL=program.cjs.map`,
  );
  addNotes(program);
  const env = { ...process.env, MUTANTS_REACHED: notes };
  const child = spawn(process.execPath, [program], { env, stdio: ["ignore", "ignore", "inherit"] });
  const noted = () =>
    readdirSync(notes)
      .filter((name) => !name.endsWith(PART))
      .flatMap((name) => reachedIn(path.join(notes, name)));
  return { child, noted };
}

test("a program that ends has noted all that it reached", PATIENCE, async () => {
  const { child, noted } = startProgram("");
  await once(child, "exit");
  expect(noted()).toEqual(["4", "7"]);
});

test("a program that is killed has noted what it reached before", PATIENCE, async () => {
  const { child, noted } = startProgram("setInterval(() => {}, 1000);");
  await vi.waitFor(() => expect(noted()).toEqual(["4", "7"]), PATIENCE);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(noted()).toEqual(["4", "7"]);
});

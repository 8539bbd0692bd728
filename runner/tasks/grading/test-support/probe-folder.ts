import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { processEnvironment } from "../../../platform/environment/environment.ts";
import type { GherkinTask } from "../../bank/task.ts";
import type { Grade } from "../grade-result.ts";
import { type GradeRequest, gradeSolution } from "../grade.ts";

export const FEATURE = `Feature: A probe
  Scenario: It adds
    Then 1 and 2 make 3

  Scenario: It adds again
    Then 2 and 2 make 4
`;
export const NO_SCENARIOS = "Feature: Nothing\n";
const HELD_OUT = `Feature: A probe, held out
  Scenario: It adds below nothing
    Then -1 and 1 make 0
`;
export const STEPS = `import assert from "node:assert/strict";
import { Then } from "@cucumber/cucumber";

Then("{int} and {int} make {int}", async function (a, b, sum) {
  assert.equal(await this.solution.call("add", a, b), sum);
});

Then("{word} is contained", async function (what) {
  assert.match(await this.solution.call("attempt", what), /^contained: /);
});

Then("{word} gives {word}", async function (name, expected) {
  const value = await this.solution.call(name);
  if (value === "end the suite") process.exit(0);
  assert.equal(value, expected);
});
`;
export const GOOD = "export const add = (a: number, b: number): number => a + b;\n";

/** No solution is given up for a busy machine. */
const PATIENT = { startMs: 240_000, loadMs: 240_000, callMs: 240_000 };

export interface Probe {
  readonly solution?: string | undefined;
  readonly feature?: string;
  readonly heldOut?: string;
  readonly steps?: string;
  readonly timeoutMs?: number;
  readonly hostLimits?: GradeRequest["hostLimits"];
}

/** A task that a test makes up, and a workspace with a solution of it, in a folder that is removed afterwards. */
export class ProbeFolder implements Disposable {
  readonly folder = mkdtempSync(path.join(tmpdir(), "grade-"));

  put(file: string, text: string): void {
    const target = path.join(this.folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }

  async grade(probe: Probe): Promise<Grade> {
    const { solution, timeoutMs = 900_000, hostLimits = PATIENT } = probe;
    mkdirSync(path.join(this.folder, "workspace"), { recursive: true });
    if (solution !== undefined) this.put("workspace/src/probe.ts", solution);
    const scratch = mkdtempSync(path.join(this.folder, "scratch-"));
    return await gradeSolution({
      task: this.#makeTask(probe),
      workspace: path.join(this.folder, "workspace"),
      scratch,
      timeoutMs,
      environment: processEnvironment(),
      hostLimits,
    });
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }

  #makeTask({ feature = FEATURE, heldOut = HELD_OUT, steps = STEPS }: Probe): GherkinTask {
    this.put("task/workspace/package.json", '{ "exports": "./src/probe.ts" }');
    this.put("task/acceptance/held-out.feature", heldOut);
    this.put("task/acceptance/probe.steps.mjs", steps);
    return {
      kind: "gherkin",
      id: "probe",
      title: "A probe",
      language: "typescript",
      stratum: "small",
      folder: path.join(this.folder, "task"),
      featureText: feature,
      solutionPaths: ["src/"],
      acceptancePaths: ["acceptance/"],
      timeoutS: 60,
      tokensMax: 1000,
      isDeterministic: true,
      digest: "",
    };
  }
}

/** Grades a probe in a folder of its own. */
export async function grade(probe: Probe): Promise<Grade> {
  using folder = new ProbeFolder();
  return await folder.grade(probe);
}

export function statuses({ scenarios }: Grade): Record<string, string> {
  return Object.fromEntries(scenarios.map(({ name, status }) => [name, status]));
}

export function messages({ scenarios }: Grade): readonly (string | undefined)[] {
  return scenarios.map(({ message }) => message);
}

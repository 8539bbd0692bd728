/**
 * A process that keeps cucumber and the steps, and runs scenarios for one mutant after the other. Argument: the copy of
 * the repository.
 */
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { PassThrough } from "node:stream";

import {
  type IRunEnvironment,
  type IRunOptions,
  loadConfiguration,
  loadSupport,
  runCucumber,
} from "@cucumber/cucumber/api";

import type { Order } from "./order.ts";
import { programVariables, Scenarios, stryker, tagsOf } from "./scenarios.ts";

const STEPS = [
  "dist/step-definitions/support/*.js",
  "dist/step-definitions/*-steps.js",
  path.join(import.meta.dirname, "mutate-programs.ts"),
];

const [copy = ""] = process.argv.slice(2);
process.chdir(copy);
process.on("disconnect", () => process.exit());
/** What scenarios keep for each other. */
const kept = path.join(copy, ".experiment/kept");
process.env["COUNTERBALANCE_KEPT"] = kept;
/** What programs that scenarios start have reached. */
const reached = path.join(copy, ".experiment/reached-by-programs");
mkdirSync(reached, { recursive: true });
const silent = new PassThrough().resume();
const environment: IRunEnvironment = { cwd: copy, stdout: silent, stderr: silent };
let support: IRunOptions["support"] | undefined;
process.on("message", (order: Order) => void run(order));
process.send?.("ready");

async function run({ mutant, isLoaded = false, files }: Order): Promise<void> {
  if (isLoaded) stryker.activeMutant = mutant ?? undefined;
  const { runConfiguration } = await configure(files[0]);
  support ??= await loadSupport(runConfiguration, environment);
  switchOn(mutant);
  const before = new Set(listKept());
  const scenarios = new Scenarios(reached);
  for (const file of files) {
    if (mutant !== null && scenarios.hasFailed) break;
    const { runConfiguration: options } = await configure(file);
    await runCucumber({ ...options, support }, environment, (said) => scenarios.note(said));
  }
  // The next mutant must not use what this one made.
  for (const name of mutant === null ? [] : listKept().filter((one) => !before.has(one))) {
    rmSync(path.join(kept, name), { recursive: true, force: true });
  }
  process.send?.(scenarios.report());
}

/** The mutant works here, and in the programs that scenarios start. Without one they note what they reach. */
function switchOn(mutant: string | null): void {
  stryker.activeMutant = mutant ?? undefined;
  programVariables.now =
    mutant === null ? { MUTANTS_REACHED: reached } : { __STRYKER_ACTIVE_MUTANT__: mutant };
}

async function configure(file = "") {
  const provided = { import: STEPS, paths: [file], tags: tagsOf(file) };
  return await loadConfiguration({ file: false, provided }, environment);
}

function listKept(): readonly string[] {
  try {
    return readdirSync(kept);
  } catch {
    return [];
  }
}

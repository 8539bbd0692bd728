/** Prints what share of the mutants of runner/ the unit tests and the scenarios kill: see README.md. */
import { mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import seedrandom from "seedrandom";

import { plainTable } from "../../reports/text/plain-table.ts";
import { packageFolder } from "../../runner/platform/environment/package-folder.ts";
import { AREA_NAMES } from "./areas.ts";
import { fewestFirst, nearestFiles } from "./choose-tests.ts";
import { readEquivalents } from "./equivalents.ts";
import { type AreaMutant, functionOf, mutateCopy } from "./mutated-copy.ts";
import { findReach, TEST_PROCESS } from "./reach.ts";
import { findScenarioReach } from "./scenario-reach.ts";
import { ScenarioRunner } from "./scenario-runner.ts";
import { TestRunner } from "./test-runner.ts";
import { type Verdict, Verdicts } from "./verdicts.ts";

const KILLED_PERCENT_MIN = 85;
const INTERRUPTED = 130;
const HELP = `Usage: npm run mutants -- [--seed TEXT] [--sample COUNT] [--area NAME ...]

Draws mutants of the code of runner/ that decides, and runs the unit tests that reach each of them. A mutant that
no unit test kills is tried with the scenarios that reach it.
  --seed TEXT      of the draw (default: 1)
  --sample COUNT   how many mutants (default: 600)
  --area NAME      runs this part of the draw only: ${AREA_NAMES.join(", ")}
Ctrl-C ends it after the current mutant and prints what is known (twice: at once). The same command continues.`;

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    sample: { type: "string", default: "600" },
    area: { type: "string", multiple: true, default: [...AREA_NAMES] },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) console.log(HELP);
else await main();

async function main(): Promise<void> {
  const clone = packageFolder();
  const memory = path.join(clone, ".experiment/mutants");
  const copy = path.join(tmpdir(), `counterbalance-mutants-${String(process.pid)}`);
  mkdirSync(memory, { recursive: true });
  let isOver = false;
  const end = () => {
    if (isOver) process.exit(INTERRUPTED);
    isOver = true;
  };
  process.on("SIGINT", end).on("SIGTERM", end);
  process.on("exit", () => rmSync(copy, { recursive: true, force: true }));
  const mutants = await mutateCopy(clone, copy);
  const sample = draw(mutants).filter(({ area }) => values.area.includes(area));
  const trials = await makeTrials(mutants, { copy, memory, isOver: () => isOver });
  const judged: (readonly [AreaMutant, Verdict])[] = [];
  for (const mutant of sample) {
    if (isOver) break;
    judged.push([mutant, await judge(mutant, trials)]);
    process.stderr.write(`\r${String(judged.length)} of ${String(sample.length)} mutants`);
  }
  for (const trial of trials) await trial.stop();
  process.stderr.write("\n");
  show(judged);
}

/** The unit tests first, then the scenarios. */
async function makeTrials(
  mutants: readonly AreaMutant[],
  places: { readonly copy: string; readonly memory: string; readonly isOver: () => boolean },
): Promise<readonly Verdicts[]> {
  const { copy, memory } = places;
  const unit = {
    file: path.join(memory, "verdicts.jsonl"),
    reaches: await findReach(mutants, places),
    choose: nearestFiles,
    runner: new TestRunner([TEST_PROCESS, copy, "together"]),
  };
  const scenarios = {
    file: path.join(memory, "scenario-verdicts.jsonl"),
    ...(await findScenarioReach(mutants, places)),
    choose: fewestFirst,
    runner: new ScenarioRunner(copy),
  };
  return [new Verdicts(unit), new Verdicts(scenarios)];
}

/** The verdict of the first trial that kills it. */
async function judge(mutant: AreaMutant, trials: readonly Verdicts[]): Promise<Verdict> {
  const verdicts: Verdict[] = [];
  for (const trial of trials) {
    const verdict = await trial.of(mutant);
    if (isKilled(verdict)) return verdict;
    verdicts.push(verdict);
  }
  const [first] = verdicts;
  if (first === undefined) throw new Error("No tests were run.");
  return verdicts.find(({ fate }) => fate === "survived") ?? first;
}

function isKilled({ fate }: Verdict): boolean {
  return fate === "killed" || fate === "late";
}

/** The same seed draws the same mutants of the same sources in the same order, so that any beginning is a sample too. */
function draw(mutants: readonly AreaMutant[]): readonly AreaMutant[] {
  const random = seedrandom(values.seed);
  const drawn = mutants.map((mutant) => ({ mutant, at: random() }));
  const sorted = drawn.toSorted((left, right) => left.at - right.at).map(({ mutant }) => mutant);
  return sorted.slice(0, Number(values.sample));
}

function show(judged: readonly (readonly [AreaMutant, Verdict])[]): void {
  const isEquivalent = readEquivalents();
  const isAlive = ([mutant, verdict]: (typeof judged)[number]) =>
    !isKilled(verdict) && !isEquivalent(mutant);
  for (const [mutant, { fate }] of judged.filter(isAlive)) {
    const { at, from, to } = mutant;
    console.log(`${at}  ${functionOf(mutant)}  ${fate}\n    ${from}  →  ${to}`);
  }
  const byArea = Map.groupBy(judged, ([{ area }]) => area);
  const rows = [...byArea, ["together", judged] as const].map(([area, own]) => {
    const alive = own.filter(isAlive).length;
    const killed = own.filter(([, verdict]) => isKilled(verdict)).length;
    const percent = (100 * killed) / Math.max(1, killed + alive);
    if (percent < KILLED_PERCENT_MIN && area !== "together") process.exitCode = 1;
    const counts = [own.length, killed, own.length - killed - alive, alive].map(String);
    return [area, ...counts, `${percent.toFixed(1)} %`];
  });
  const head = ["AREA", "MUTANTS", "KILLED", "EQUIVALENT", "ALIVE", "KILLED OF THOSE THAT DIFFER"];
  console.log(`\n${plainTable([head, ...rows], { columns: undefined })}`);
}

/** Prints what share of the mutants of runner/ the unit tests kill: see README.md. */
import { mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import seedrandom from "seedrandom";

import { plainTable } from "../../reports/text/plain-table.ts";
import { packageFolder } from "../../runner/platform/environment/package-folder.ts";
import { AREA_NAMES } from "./areas.ts";
import { readEquivalents } from "./equivalents.ts";
import { type AreaMutant, functionOf, mutateCopy } from "./mutated-copy.ts";
import { findReach } from "./reach.ts";
import { type Verdict, Verdicts } from "./verdicts.ts";

const KILLED_PERCENT_MIN = 85;
const INTERRUPTED = 130;
const HELP = `Usage: npm run mutants -- [--seed TEXT] [--sample COUNT] [--area NAME ...]

Draws mutants of the code of runner/ that decides, and runs the unit tests that reach each of them.
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
  const reaches = await findReach(mutants, { copy, memory });
  const verdicts = new Verdicts({ file: path.join(memory, "verdicts.jsonl"), copy, reaches });
  const judged: (readonly [AreaMutant, Verdict])[] = [];
  for (const mutant of sample) {
    if (isOver) break;
    judged.push([mutant, await verdicts.of(mutant)]);
    process.stderr.write(`\r${String(judged.length)} of ${String(sample.length)} mutants`);
  }
  await verdicts.stop();
  process.stderr.write("\n");
  show(judged);
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
  const isAlive = ([mutant, { fate }]: (typeof judged)[number]) =>
    (fate === "survived" || fate === "unreached") && !isEquivalent(mutant);
  for (const [mutant, { fate }] of judged.filter(isAlive)) {
    const { at, from, to } = mutant;
    console.log(`${at}  ${functionOf(mutant)}  ${fate}\n    ${from}  →  ${to}`);
  }
  const byArea = Map.groupBy(judged, ([{ area }]) => area);
  const rows = [...byArea, ["together", judged] as const].map(([area, own]) => {
    const alive = own.filter(isAlive).length;
    const killed = own.filter(([, { fate }]) => fate === "killed" || fate === "late").length;
    const percent = (100 * killed) / Math.max(1, killed + alive);
    if (percent < KILLED_PERCENT_MIN && area !== "together") process.exitCode = 1;
    const counts = [own.length, killed, own.length - killed - alive, alive].map(String);
    return [area, ...counts, `${percent.toFixed(1)} %`];
  });
  const head = ["AREA", "MUTANTS", "KILLED", "EQUIVALENT", "ALIVE", "KILLED OF THOSE THAT DIFFER"];
  console.log(`\n${plainTable([head, ...rows], { columns: undefined })}`);
}

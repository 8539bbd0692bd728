import { globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { type AreaMutant, sha256 } from "./mutated-copy.ts";
import type { Report } from "./order.ts";
import type { Reach, Reaches } from "./reach.ts";
import { ScenarioRunner } from "./scenario-runner.ts";
import { tagsOf } from "./scenarios.ts";

/** What the scenarios of a feature reach. Mutants are named by their place among all. */
interface Feature {
  readonly scenarios: readonly (readonly [string, number, readonly number[]])[];
  readonly loaded: readonly number[];
}

interface Places {
  readonly copy: string;
  readonly memory: string;
  /** Whether to begin no other feature. */
  readonly isOver: () => boolean;
}

const LIMIT_MS = 1_800_000;

/** Runs each feature once without a mutant, unless it, the steps and the sources are as they were. */
export async function findScenarioReach(
  mutants: readonly AreaMutant[],
  { copy, memory, isOver }: Places,
): Promise<{ readonly reaches: Reaches; readonly loaded: ReadonlySet<string> }> {
  const keys = mutants.map(({ key }) => key);
  const places = new Map(mutants.map(({ id }, place) => [id, place]));
  const shared = sha256([keys.join(), ...textsOf(copy, "step-definitions/**/*.ts")].join("\0"));
  const runner = new ScenarioRunner(copy);
  const reaches = new Map<string, Reach>();
  const loaded = new Set<string>();
  const folder = path.join(memory, "features");
  mkdirSync(folder, { recursive: true });
  const used = new Set<string>();
  const features = globSync("features/**/*.feature", { cwd: copy }).toSorted();
  for (const [index, name] of features.entries()) {
    if (isOver()) break;
    const text = readFileSync(path.join(copy, name), "utf8");
    const sha = sha256([shared, tagsOf(name), name, text].join("\0"));
    const file = path.join(folder, `${sha}.json`);
    used.add(`${sha}.json`);
    let feature = read(file);
    if (feature === undefined) {
      process.stderr.write(`\r${String(index)} of ${String(features.length)} features `);
      const report = await runner.run({ mutant: null, files: [name] }, LIMIT_MS);
      feature = featureOf(report, places);
      writeFileSync(file, JSON.stringify(feature));
    }
    for (const place of feature.loaded) loaded.add(keys[place] ?? "");
    for (const [scenario, ms, reached] of feature.scenarios) {
      reaches.set(scenario, { sha, ms, keys: new Set(reached.map((place) => keys[place] ?? "")) });
    }
  }
  await runner.stop();
  const isOld = (name: string) => !isOver() && !used.has(name);
  for (const name of readdirSync(folder).filter(isOld)) rmSync(path.join(folder, name));
  return { reaches, loaded };
}

/** A scenario that fails without a mutant is left out. */
function featureOf(report: Report | null, places: ReadonlyMap<string, number>): Feature {
  const { reached = [], failed = [], loaded = [] } = report ?? {};
  const known = (ids: readonly string[]) => ids.flatMap((id) => places.get(id) ?? []);
  for (const scenario of failed) process.stderr.write(`${scenario} fails without a mutant.\n`);
  const green = reached.filter(({ scenario }) => !failed.includes(scenario));
  const scenarios = green.map(({ scenario, ms, ids }) => [scenario, ms, known(ids)] as const);
  return { scenarios, loaded: known(loaded) };
}

function textsOf(cwd: string, pattern: string): readonly string[] {
  return globSync(pattern, { cwd })
    .toSorted()
    .map((file) => readFileSync(path.join(cwd, file), "utf8"));
}

function read(file: string): Feature | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

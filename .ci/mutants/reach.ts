import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { type AreaMutant, sha256 } from "./mutated-copy.ts";
import { testFiles } from "./test-files.ts";
import { TestRunner } from "./test-runner.ts";

/** The program that runs test files. */
export const TEST_PROCESS = path.join(import.meta.dirname, "test-process.ts");

/** What a test file or a scenario reaches, by the mutants' keys, and how long it takes. */
export interface Reach {
  /** The hash of the file and of everything that it may use. */
  readonly sha: string;
  readonly ms: number;
  readonly keys: ReadonlySet<string>;
}

export type Reaches = ReadonlyMap<string, Reach>;

const LIMIT_MS = 600_000;

/**
 * Runs each test file once without a mutant, unless it and the sources are as they were, and notes what it reaches.
 * A file that fails without a mutant is left out.
 */
export async function findReach(
  mutants: readonly AreaMutant[],
  { copy, memory }: { readonly copy: string; readonly memory: string },
): Promise<Reaches> {
  const keyOf = new Map(mutants.map(({ id, key }) => [id, key]));
  const file = path.join(memory, "reach.json");
  const before = new Map<string, Reach>(read(file));
  const remember = () => {
    const all = [...before, ...reaches].map(([test, { keys, ...rest }]) => [
      test,
      { ...rest, keys: [...keys] },
    ]);
    writeFileSync(file, JSON.stringify(all));
  };
  const sources = sha256([...keyOf.values()].join());
  const reaches = new Map<string, Reach>();
  const runner = new TestRunner([TEST_PROCESS, copy, "apart"]);
  const folder = path.join(copy, ".experiment/reached");
  process.env["MUTANTS_REACHED"] = folder;
  for (const [test, content] of testFiles(copy)) {
    const sha = sha256(`${sources} ${content}`);
    const known = before.get(test);
    if (known?.sha === sha) {
      reaches.set(test, known);
      continue;
    }
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    process.stderr.write(`\r${String(reaches.size)} test files were run without a mutant`);
    const startedMs = performance.now();
    const report = await runner.run({ mutant: null, files: [test] }, LIMIT_MS);
    const isGreen = report !== null && report.failed.length === 0 && report.ran.length === 1;
    if (!isGreen) process.stderr.write(`${test} fails without a mutant and is left out.\n`);
    const ids = isGreen
      ? readdirSync(folder).flatMap((name) => reachedIn(path.join(folder, name)))
      : [];
    const keys = new Set(ids.flatMap((id) => keyOf.get(id) ?? []));
    reaches.set(test, { sha, ms: performance.now() - startedMs, keys });
    remember();
  }
  await runner.stop();
  return reaches;
}

/** The ids of mutants in a note. */
export function reachedIn(file: string): readonly string[] {
  return JSON.parse(readFileSync(file, "utf8")).reached;
}

function read(file: string): readonly (readonly [string, Reach])[] {
  try {
    const all: readonly (readonly [string, Reach & { readonly keys: readonly string[] }])[] =
      JSON.parse(readFileSync(file, "utf8"));
    return all.map(([test, reach]) => [test, { ...reach, keys: new Set(reach.keys) }]);
  } catch {
    return [];
  }
}

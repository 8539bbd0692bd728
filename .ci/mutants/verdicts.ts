import { appendFileSync, readFileSync } from "node:fs";

import { type AreaMutant, sha256 } from "./mutated-copy.ts";
import type { Reaches } from "./reach.ts";
import { TestRunner } from "./test-runner.ts";

/** `late`: the tests did not end. It counts as killed. */
type Fate = "killed" | "late" | "survived" | "unreached";

export interface Verdict {
  readonly key: string;
  readonly fate: Fate;
  /** The test file that failed. */
  readonly by: string | null;
  /** The hash of the tests that the verdict rests on. */
  readonly sha: string;
}

const LIMIT_MS = 60_000;
const SLOWER = 5;
/** Mutants of constants are reached by every file that loads them: the nearest files have to do. */
const TESTS_MS_MAX = 20_000;

/** Runs the tests that reach a mutant, nearest first, and remembers what became of it. */
export class Verdicts {
  readonly #file: string;
  readonly #reaches: Reaches;
  readonly #runner: TestRunner;
  readonly #known: ReadonlyMap<string, Verdict>;

  constructor(parts: { readonly file: string; readonly copy: string; readonly reaches: Reaches }) {
    this.#file = parts.file;
    this.#reaches = parts.reaches;
    this.#runner = new TestRunner(parts.copy, false);
    this.#known = new Map(readLines(parts.file).map((verdict) => [verdict.key, verdict]));
  }

  async of(mutant: AreaMutant): Promise<Verdict> {
    const known = this.#known.get(mutant.key);
    const files = this.#filesFor(mutant);
    if (known !== undefined && known.sha === this.#shaOf(known.by === null ? files : [known.by])) {
      return known;
    }
    const verdict = await this.#find(mutant, files);
    appendFileSync(this.#file, `${JSON.stringify(verdict)}\n`);
    return verdict;
  }

  async stop(): Promise<void> {
    await this.#runner.stop();
  }

  async #find({ id, key }: AreaMutant, files: readonly string[]): Promise<Verdict> {
    const sha = this.#shaOf(files);
    if (files.length === 0) return { key, fate: "unreached", by: null, sha };
    const usualMs = files.reduce((sum, file) => sum + this.#msOf(file), 0);
    const report = await this.#runner.run({ mutant: id, files }, LIMIT_MS + SLOWER * usualMs);
    if (report === null) return { key, fate: "late", by: null, sha };
    const [by] = report.failed;
    if (by !== undefined) return { key, fate: "killed", by, sha: this.#shaOf([by]) };
    return { key, fate: report.hasFault ? "killed" : "survived", by: null, sha };
  }

  #filesFor({ key, file }: AreaMutant): readonly string[] {
    const reaching = [...this.#reaches].filter(([, { keys }]) => keys.includes(key));
    const sorted = reaching
      .map(([test]) => ({ test, distance: distance(test, file), ms: this.#msOf(test) }))
      .toSorted((left, right) => left.distance - right.distance || left.ms - right.ms);
    let sumMs = 0;
    return sorted
      .filter(({ ms }, index) => {
        sumMs += ms;
        return index === 0 || sumMs <= TESTS_MS_MAX;
      })
      .map(({ test }) => test);
  }

  #msOf(test: string): number {
    return this.#reaches.get(test)?.ms ?? 0;
  }

  #shaOf(files: readonly string[]): string {
    return sha256(files.map((file) => `${file} ${this.#reaches.get(file)?.sha}`).join());
  }
}

/** How many folders apart a test and a file are; the test of the same name is nearest. */
function distance(test: string, file: string): number {
  if (test.replace(/\.test\.ts$/u, ".ts") === file) return -1;
  const [left, right] = [test.split("/"), file.split("/")];
  const common = left.findIndex((part, index) => part !== right[index]);
  return left.length + right.length - 2 * common;
}

function readLines(file: string): readonly Verdict[] {
  try {
    return readFileSync(file, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  } catch {
    return [];
  }
}

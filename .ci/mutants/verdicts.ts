import { appendFileSync, readFileSync } from "node:fs";

import { type AreaMutant, sha256 } from "./mutated-copy.ts";
import type { Order, Report } from "./order.ts";
import type { Reaches } from "./reach.ts";

/** `late`: the tests did not end. It counts as killed. */
type Fate = "killed" | "late" | "survived" | "unreached";

export interface Verdict {
  readonly key: string;
  readonly fate: Fate;
  /** The test file or the scenario that failed. */
  readonly by: string | null;
  /** The hash of the tests that the verdict rests on. */
  readonly sha: string;
}

const LIMIT_MS = 60_000;
const SLOWER = 5;

/** A way to try mutants. */
export interface Trial {
  /** What it remembers. */
  readonly file: string;
  readonly reaches: Reaches;
  /** The tests for a mutant, in the order in which they are run. */
  readonly choose: (mutant: AreaMutant, reaches: Reaches) => readonly string[];
  readonly runner: {
    run(order: Order, limitMs: number): Promise<Report | null>;
    stop(): Promise<void>;
  };
  /** The mutants, by their keys, that code reaches when it is loaded. */
  readonly loaded?: ReadonlySet<string>;
}

/** Null only if the same tests do end in that time without the mutant: a machine may be busy. */
async function patiently(
  runner: Trial["runner"],
  order: Order,
  limitMs: number,
): Promise<Report | null> {
  const report = await runner.run(order, limitMs);
  if (report !== null) return report;
  const usual = await runner.run({ ...order, mutant: null }, limitMs);
  return usual === null ? await patiently(runner, order, 2 * limitMs) : null;
}

/** Runs the tests that reach a mutant, and remembers what became of it. */
export class Verdicts {
  readonly #trial: Trial;
  readonly #known: ReadonlyMap<string, Verdict>;

  constructor(trial: Trial) {
    this.#trial = trial;
    this.#known = new Map(readLines(trial.file).map((verdict) => [verdict.key, verdict]));
  }

  async of(mutant: AreaMutant): Promise<Verdict> {
    const known = this.#known.get(mutant.key);
    const files = this.#trial.choose(mutant, this.#trial.reaches);
    if (known !== undefined && known.sha === this.#shaOf(known.by === null ? files : [known.by])) {
      return known;
    }
    const verdict = await this.#find(mutant, files);
    appendFileSync(this.#trial.file, `${JSON.stringify(verdict)}\n`);
    return verdict;
  }

  async stop(): Promise<void> {
    await this.#trial.runner.stop();
  }

  async #find({ id, key }: AreaMutant, files: readonly string[]): Promise<Verdict> {
    const sha = this.#shaOf(files);
    if (files.length === 0) return { key, fate: "unreached", by: null, sha };
    const { reaches, runner, loaded } = this.#trial;
    const usualMs = files.reduce((sum, file) => sum + (reaches.get(file)?.ms ?? 0), 0);
    const order = { mutant: id, files, isLoaded: loaded?.has(key) ?? false };
    const report = await patiently(runner, order, LIMIT_MS + SLOWER * usualMs);
    if (report === null) return { key, fate: "late", by: null, sha };
    const [by] = report.failed;
    if (by !== undefined) return { key, fate: "killed", by, sha: this.#shaOf([by]) };
    return { key, fate: report.hasFault ? "killed" : "survived", by: null, sha };
  }

  #shaOf(files: readonly string[]): string {
    return sha256(files.map((file) => `${file} ${this.#trial.reaches.get(file)?.sha}`).join());
  }
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

import type { CandidateData } from "../evidence/resolved-pairs.ts";
import { type AnalysisMemory, analysisMemory } from "../statistics/candidate/analyse-candidate.ts";
import { fingerprintOf } from "./fingerprint.ts";

/** What a session keeps from look to look, for one experiment and one gate file. Looks are the same without it. */
export class LookMemory {
  readonly #byName = new Map<string, AnalysisMemory>();
  readonly #prints = new Map<string, Pick<CandidateData, "windows"> & { readonly print: string }>();

  /** Whether no look was taken with it. */
  get isEmpty(): boolean {
    return this.#byName.size === 0;
  }

  /** A candidate's fingerprint, made again when its windows change. */
  fingerprint(data: CandidateData, baseline: string): string {
    const { candidate, windows } = data;
    const before = this.#prints.get(candidate);
    const isSame = before?.windows.length === windows.length;
    if (isSame && before.windows.every((one, index) => one === windows[index])) return before.print;
    const print = fingerprintOf(data, baseline);
    this.#prints.set(candidate, { windows, print });
    return print;
  }

  /** The memory of a candidate's analysis; one with other windows than the looks' has its own. */
  of(candidate: string, entered = ""): AnalysisMemory {
    const name = JSON.stringify([candidate, entered]);
    const memory = this.#byName.get(name) ?? analysisMemory();
    this.#byName.set(name, memory);
    return memory;
  }
}

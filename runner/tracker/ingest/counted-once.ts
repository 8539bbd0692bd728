import type { IngestInput, IngestResult, UsageIngest } from "./ingest-usage.ts";

type Problems = ReadonlyMap<string, number>;

/** Counts a file once, however often it is read: what it said before has been counted then. */
export class CountedOnce {
  readonly #ingested: UsageIngest;
  /** The problems of each file when it was read last. */
  readonly #latest = new Map<string, Problems>();
  readonly #surplusProblems = new Map<string, number>();
  #surplusFiles = 0;
  #surplusEvents = 0;

  constructor(ingested: UsageIngest) {
    this.#ingested = ingested;
  }

  /** What was read, without what was read again. */
  get result(): IngestResult {
    const { result } = this.#ingested;
    const problems = [...result.problems].flatMap(([reason, { count, first }]) => {
      const own = count - (this.#surplusProblems.get(reason) ?? 0);
      return own === 0 ? [] : [[reason, { count: own, first }] as const];
    });
    return {
      ...result,
      files: result.files - this.#surplusFiles,
      events: result.events - this.#surplusEvents,
      problems: new Map(problems),
    };
  }

  /** Reads a file to its end, and writes what is new in it. */
  async read(input: IngestInput, readAt: string): Promise<void> {
    const { events, written, problems } = this.#ingested.result;
    const before = countsOf(problems);
    await this.#ingested.read(input, readAt);
    await this.#ingested.finish();
    const after = this.#ingested.result;
    const earlier = this.#latest.get(input.name);
    const now = [...countsOf(after.problems)].map(
      ([reason, count]) => [reason, count - (before.get(reason) ?? 0)] as const,
    );
    this.#latest.set(input.name, new Map(now));
    if (earlier === undefined) return;
    this.#surplusFiles += 1;
    this.#surplusEvents += after.events - events - (after.written - written);
    for (const [reason, count] of earlier) {
      this.#surplusProblems.set(reason, (this.#surplusProblems.get(reason) ?? 0) + count);
    }
  }
}

function countsOf(problems: IngestResult["problems"]): Problems {
  return new Map([...problems].map(([reason, { count }]) => [reason, count]));
}

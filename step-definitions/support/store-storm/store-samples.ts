import { setTimeout as sleep } from "node:timers/promises";

import { query } from "../../../ledger/store/postgres/test-support/private-cluster.ts";

const EVERY_MS = 100;

interface SeenRow {
  readonly file: string;
  readonly seq: number;
  readonly sum: string;
}

interface FinalWindow {
  readonly experiment: string;
  readonly window: string;
  readonly times: number;
}

/** Looks at a store again and again, and keeps every row that it has acknowledged. */
export class StoreSamples {
  readonly #address: string;
  readonly #rows = new Map<string, string>();
  readonly #lastSeq = new Map<string, number>();
  /** How often a cap was compared with what is spent and set aside of it. */
  capSamples = 0;
  readonly overCap: unknown[] = [];
  #isOver = false;

  constructor(address: string) {
    this.#address = address;
  }

  /** Looks until it is ended. A server that is away shows nothing. */
  async take(): Promise<void> {
    while (!this.#isOver) {
      await this.#look().catch(() => undefined);
      await sleep(EVERY_MS);
    }
  }

  end(): void {
    this.#isOver = true;
  }

  get acknowledged(): number {
    return this.#rows.size;
  }

  /** The rows that were there once, and are not there as they were. */
  async lost(): Promise<readonly string[]> {
    const now = new Map((await this.#rowsAfter({})).map((row) => [keyOf(row), row.sum]));
    return [...this.#rows].filter(([key, sum]) => now.get(key) !== sum).map(([key]) => key);
  }

  /** How often each window of each run is final. */
  async finals(): Promise<readonly FinalWindow[]> {
    return await query<FinalWindow>(
      this.#address,
      `select experiment_id as experiment, window_name as window, count(*)::int as times
       from counterbalance.ledger_rows
       where record = 'window_finalized' and supersedes is null group by 1, 2`,
    );
  }

  async #look(): Promise<void> {
    for (const row of await this.#rowsAfter(Object.fromEntries(this.#lastSeq))) {
      this.#rows.set(keyOf(row), row.sum);
      this.#lastSeq.set(row.file, Math.max(row.seq, this.#lastSeq.get(row.file) ?? 0));
    }
    const caps = await query<{ readonly is_over: boolean }>(
      this.#address,
      "select *, spent + reserved > cap as is_over from counterbalance.budgets",
    );
    this.capSamples += caps.length;
    this.overCap.push(...caps.filter(({ is_over: isOver }) => isOver));
  }

  async #rowsAfter(seqs: Readonly<Record<string, number>>): Promise<readonly SeenRow[]> {
    return await query<SeenRow>(
      this.#address,
      `select file, seq::int, md5(line) as sum from counterbalance.ledger_rows
       where seq > coalesce(($1::jsonb ->> file)::bigint, 0)`,
      [JSON.stringify(seqs)],
    );
  }
}

function keyOf({ file, seq }: SeenRow): string {
  return `${file} ${String(seq)}`;
}

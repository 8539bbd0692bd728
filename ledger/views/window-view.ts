import { tokensIn } from "../domain/token-basis.ts";
import type { Usage } from "../domain/usage.ts";
import {
  latestOf,
  type AttemptFact,
  type DebitFact,
  type FinalizedFact,
  type InterruptedFact,
  type OpenedFact,
  type RequestFact,
  type TrafficFact,
} from "./experiment-fact.ts";
import { isRequest, type PackedTraffic } from "./packed-traffic.ts";
import { addSpend, highestSpend, NO_SPEND, type Spend } from "./spend.ts";

/** One attempt's rows that count, for those who do not fold. */
export type AttemptView = Readonly<Omit<AttemptTally, "change" | "changeTraffic">>;

/** One window: its attempts by number. An attempt may have no row that counts. */
export interface WindowView {
  readonly window: string;
  readonly provider: string;
  readonly window_agent?: string | undefined;
  readonly attempts: ReadonlyMap<number, AttemptView>;
}

/** All that an attempt holds, as plain data. */
export interface AttemptState {
  readonly attempt: number;
  readonly opened: readonly OpenedFact[];
  readonly interrupted: readonly InterruptedFact[];
  readonly finalized: readonly FinalizedFact[];
  readonly rows: readonly number[];
  readonly ended: Spend;
  readonly requested: Spend;
  readonly debited: Spend;
}

const NO_ROWS_YET: Omit<AttemptState, "attempt"> = {
  opened: [],
  interrupted: [],
  finalized: [],
  rows: [],
  ended: NO_SPEND,
  requested: NO_SPEND,
  debited: NO_SPEND,
};

/** An attempt that takes rows in, and holds those that count, in no particular order. */
export class AttemptTally {
  readonly attempt: number;
  opened: readonly OpenedFact[];
  interrupted: readonly InterruptedFact[];
  finalized: readonly FinalizedFact[];
  /** What the attempt took: the highest of its end's usage, its requests and its debits. */
  spend = NO_SPEND;
  /** Changes whenever a row begins or ceases to count. */
  revision = 0;
  readonly #traffic: PackedTraffic;
  /** Its requests and debits among the traffic. */
  readonly #rows: number[];
  #ended: Spend;
  #requested: Spend;
  #debited: Spend;

  constructor(
    attempt: number,
    traffic: PackedTraffic,
    state: Omit<AttemptState, "attempt"> = NO_ROWS_YET,
  ) {
    this.attempt = attempt;
    this.#traffic = traffic;
    this.#rows = [...state.rows];
    ({ opened: this.opened, interrupted: this.interrupted, finalized: this.finalized } = state);
    ({ ended: this.#ended, requested: this.#requested, debited: this.#debited } = state);
    this.spend = highestSpend([this.#ended, this.#requested, this.#debited]);
  }

  get state(): AttemptState {
    const { attempt, opened, interrupted, finalized } = this;
    const spends = { ended: this.#ended, requested: this.#requested, debited: this.#debited };
    return { attempt, opened, interrupted, finalized, rows: this.#rows, ...spends };
  }

  /** Made again on each access, as are the debits. */
  get requests(): readonly RequestFact[] {
    return this.#rows.filter(isRequest).map((row) => this.#traffic.requestAt(row));
  }

  get debits(): readonly DebitFact[] {
    const rows = this.#rows.filter((row) => !isRequest(row));
    return rows.map((row) => this.#traffic.debitAt(row));
  }

  /** Whether any row counts. */
  get hasRows(): boolean {
    return [this.#rows, this.opened, this.interrupted, this.finalized].some(
      ({ length }) => length > 0,
    );
  }

  /** Adds one of the attempt's own rows (1) or removes it (-1). */
  change(fact: Exclude<AttemptFact, TrafficFact>, sign: 1 | -1): void {
    switch (fact.kind) {
      case "opened":
        this.opened = toggled(this.opened, fact, sign);
        break;
      case "interrupted":
        this.interrupted = toggled(this.interrupted, fact, sign);
        break;
      case "finalized":
        this.finalized = toggled(this.finalized, fact, sign);
        break;
    }
    const ends = [latestOf(this.interrupted), latestOf(this.finalized)];
    this.#ended = highestSpend(ends.map((end) => spendOf(end?.usage ?? null)));
    this.#changed();
  }

  /** Adds a request or a debit, by its number, or removes it. */
  changeTraffic(number: number, fact: TrafficFact, sign: 1 | -1): void {
    if (sign > 0) this.#rows.push(number);
    else this.#rows.splice(this.#rows.indexOf(number), 1);
    if (fact.kind === "request") {
      this.#requested = addSpend(this.#requested, spendOf(fact.usage), sign);
    } else {
      this.#debited = addSpend(this.#debited, debitOf(fact), sign);
    }
    this.#changed();
  }

  #changed(): void {
    this.revision += 1;
    this.spend = highestSpend([this.#ended, this.#requested, this.#debited]);
  }
}

function spendOf(usage: Usage | null): Spend {
  if (usage === null) return NO_SPEND;
  return { ...NO_SPEND, all: tokensIn("all", usage), uncached: tokensIn("uncached", usage) };
}

/** A debit states its own basis only. Only debits know what is billable. */
function debitOf({ basis, delta }: DebitFact): Spend {
  return { ...NO_SPEND, [basis]: delta };
}

function toggled<Fact>(facts: readonly Fact[], fact: Fact, sign: 1 | -1): readonly Fact[] {
  return sign > 0 ? [...facts, fact] : facts.filter((each) => each !== fact);
}

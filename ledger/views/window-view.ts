import { tokensIn } from "../domain/token-basis.ts";
import type { Usage } from "../domain/usage.ts";
import {
  latestOf,
  type AttemptFact,
  type AttemptKey,
  type DebitFact,
  type FinalizedFact,
  type InterruptedFact,
  type OpenedFact,
  type RequestFact,
  type TrafficFact,
} from "./experiment-fact.ts";
import { addSpend, highestSpend, NO_SPEND, scaleSpend, type Spend } from "./spend.ts";
import type { TrafficRows } from "./traffic-rows.ts";

/** One attempt's rows that count, in no particular order. */
export interface AttemptView {
  readonly attempt: number;
  readonly opened: readonly OpenedFact[];
  readonly interrupted: readonly InterruptedFact[];
  readonly finalized: readonly FinalizedFact[];
  /** Put together anew whenever they are asked for, as are the debits. */
  readonly requests: readonly RequestFact[];
  readonly debits: readonly DebitFact[];
  /** What the attempt took: the highest of its end's usage, its requests and its debits. */
  readonly spend: Spend;
  /** Whether a row counts at all. */
  readonly hasRows: boolean;
  /** Another one whenever a row comes to count or no longer does. */
  readonly revision: number;
}

/** One window: its attempts by number. An attempt may be there without a row that counts. */
export interface WindowView {
  readonly window: string;
  readonly provider: string;
  readonly attempts: ReadonlyMap<number, AttemptView>;
}

/** A window that takes rows in. */
export class WindowTally implements WindowView {
  readonly window: string;
  readonly provider: string;
  readonly attempts = new Map<number, AttemptTally>();
  readonly #traffic: TrafficRows;

  constructor({ window, provider }: Pick<WindowView, "window" | "provider">, traffic: TrafficRows) {
    this.window = window;
    this.provider = provider;
    this.#traffic = traffic;
  }

  attempt(number: number): AttemptTally {
    const known = this.attempts.get(number);
    if (known !== undefined) return known;
    const { window, provider } = this;
    const made = new AttemptTally({ window, attempt: number, provider }, this.#traffic);
    this.attempts.set(number, made);
    return made;
  }
}

const NONE: readonly never[] = [];

/** An attempt that takes rows in. */
export class AttemptTally implements AttemptView {
  readonly attempt: number;
  opened: readonly OpenedFact[] = NONE;
  interrupted: readonly InterruptedFact[] = NONE;
  finalized: readonly FinalizedFact[] = NONE;
  spend = NO_SPEND;
  readonly #traffic: TrafficRows;
  readonly #key: AttemptKey;
  /** Its number among the traffic's attempts. */
  #number: number | undefined;
  /** Its last row there. */
  #last: number | undefined;
  /** Rows that have no place there: of another provider, or once undone. */
  #others: readonly TrafficFact[] = NONE;
  #count = 0;
  revision = 0;
  #ended = NO_SPEND;
  #requested = NO_SPEND;
  #debited = NO_SPEND;

  constructor(key: AttemptKey, traffic: TrafficRows) {
    this.attempt = key.attempt;
    this.#key = key;
    this.#traffic = traffic;
  }

  get requests(): readonly RequestFact[] {
    const others = this.#others.filter((fact) => fact.kind === "request");
    return [...this.#traffic.requestsUpTo(this.#last), ...others];
  }

  get debits(): readonly DebitFact[] {
    const others = this.#others.filter((fact) => fact.kind === "debit");
    return [...this.#traffic.debitsUpTo(this.#last), ...others];
  }

  get hasRows(): boolean {
    return this.#count > 0;
  }

  /** Adds a row to the traffic's columns under its number; false where it has no place there. */
  store(fact: TrafficFact, row: number): boolean {
    // A row that names another provider than its window's keeps its own word.
    if (fact.provider !== this.#key.provider) return false;
    this.#number ??= this.#traffic.addAttempt(this.#key);
    this.#traffic.add(fact, row, { number: this.#number, last: this.#last });
    this.#last = row;
    this.#weigh(fact, 1);
    return true;
  }

  /** Adds a row (1) or removes it (-1). */
  change(fact: AttemptFact, sign: 1 | -1): void {
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
      case "request":
      case "debit":
        this.#toggleTraffic(fact, sign);
        break;
    }
    this.#weigh(fact, sign);
  }

  /** A row of the columns that is undone stays there, released; if it counts again, it does so here. */
  #toggleTraffic(fact: TrafficFact, sign: 1 | -1): void {
    const row = this.#traffic.ids.find(fact.id);
    if (sign < 0 && row !== undefined && this.#traffic.isHeld(row)) {
      this.#traffic.release(row);
    } else {
      this.#others = toggled(this.#others, fact, sign);
    }
  }

  #weigh(fact: AttemptFact, sign: 1 | -1): void {
    this.#count += sign;
    this.revision += 1;
    if (fact.kind === "request") {
      this.#requested = addSpend(this.#requested, scaleSpend(spendOf(fact.usage), sign));
    } else if (fact.kind === "debit") {
      this.#debited = addSpend(this.#debited, scaleSpend(debitOf(fact), sign));
    } else {
      const ends = [latestOf(this.interrupted), latestOf(this.finalized)];
      this.#ended = highestSpend(ends.map((end) => spendOf(end?.usage ?? null)));
    }
    this.spend = highestSpend([this.#ended, this.#requested, this.#debited]);
  }
}

function spendOf(usage: Usage | null): Spend {
  if (usage === null) return NO_SPEND;
  return { ...NO_SPEND, all: tokensIn("all", usage), uncached: tokensIn("uncached", usage) };
}

/** A debit says nothing of the other bases; what is billable only debits know. */
function debitOf({ basis, delta }: DebitFact): Spend {
  return { ...NO_SPEND, [basis]: delta };
}

function toggled<Fact extends { readonly id: string }>(
  facts: readonly Fact[],
  fact: Fact,
  sign: 1 | -1,
): readonly Fact[] {
  return sign > 0 ? [...facts, fact] : facts.filter(({ id }) => id !== fact.id);
}

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
import type { PackedTraffic } from "./packed-traffic.ts";
import { addSpend, highestSpend, NO_SPEND, scaleSpend, type Spend } from "./spend.ts";

/** One attempt's rows that count, in no particular order. */
export interface AttemptView {
  readonly attempt: number;
  readonly opened: readonly OpenedFact[];
  readonly interrupted: readonly InterruptedFact[];
  readonly finalized: readonly FinalizedFact[];
  /** Made anew on each access, as are the debits. */
  readonly requests: readonly RequestFact[];
  readonly debits: readonly DebitFact[];
  /** What the attempt took: the highest of its end's usage, its requests and its debits. */
  readonly spend: Spend;
  /** Whether any row counts. */
  readonly hasRows: boolean;
  /** Changes whenever a row begins or ceases to count. */
  readonly revision: number;
}

/** One window: its attempts by number. An attempt may have no row that counts. */
export interface WindowView {
  readonly window: string;
  readonly provider: string;
  readonly attempts: ReadonlyMap<number, AttemptView>;
}

/** A window that takes rows in. */
export class WindowTally implements WindowView {
  readonly window: string;
  readonly provider: string;
  readonly attempts = new Map<number, FoldedAttempt>();
  readonly #traffic: PackedTraffic;

  constructor(
    { window, provider }: Pick<WindowView, "window" | "provider">,
    traffic: PackedTraffic,
  ) {
    this.window = window;
    this.provider = provider;
    this.#traffic = traffic;
  }

  attempt(number: number): FoldedAttempt {
    const known = this.attempts.get(number);
    if (known !== undefined) return known;
    const attempt = new FoldedAttempt(number, this.#traffic);
    this.attempts.set(number, attempt);
    return attempt;
  }
}

/** An attempt that takes rows in. */
export class FoldedAttempt implements AttemptView {
  readonly attempt: number;
  readonly opened: OpenedFact[] = [];
  readonly interrupted: InterruptedFact[] = [];
  readonly finalized: FinalizedFact[] = [];
  spend = NO_SPEND;
  revision = 0;
  readonly #traffic: PackedTraffic;
  /** Its requests and debits among the traffic. */
  readonly #rows: number[] = [];
  #count = 0;
  #ended = NO_SPEND;
  #requested = NO_SPEND;
  #debited = NO_SPEND;

  constructor(attempt: number, traffic: PackedTraffic) {
    this.attempt = attempt;
    this.#traffic = traffic;
  }

  get requests(): readonly RequestFact[] {
    return this.#facts().filter((fact) => fact.kind === "request");
  }

  get debits(): readonly DebitFact[] {
    return this.#facts().filter((fact) => fact.kind === "debit");
  }

  get hasRows(): boolean {
    return this.#count > 0;
  }

  /** Adds one of the attempt's own rows (1) or removes it (-1). */
  change(fact: Exclude<AttemptFact, TrafficFact>, sign: 1 | -1): void {
    switch (fact.kind) {
      case "opened":
        toggle(this.opened, fact, sign);
        break;
      case "interrupted":
        toggle(this.interrupted, fact, sign);
        break;
      case "finalized":
        toggle(this.finalized, fact, sign);
        break;
    }
    const ends = [latestOf(this.interrupted), latestOf(this.finalized)];
    this.#ended = highestSpend(ends.map((end) => spendOf(end?.usage ?? null)));
    this.#changed(sign);
  }

  /** Adds a request or a debit, by its number, or removes it. */
  changeTraffic(number: number, fact: TrafficFact, sign: 1 | -1): void {
    toggle(this.#rows, number, sign);
    if (fact.kind === "request") {
      this.#requested = addSpend(this.#requested, scaleSpend(spendOf(fact.usage), sign));
    } else {
      this.#debited = addSpend(this.#debited, scaleSpend(debitOf(fact), sign));
    }
    this.#changed(sign);
  }

  #changed(sign: 1 | -1): void {
    this.#count += sign;
    this.revision += 1;
    this.spend = highestSpend([this.#ended, this.#requested, this.#debited]);
  }

  #facts(): readonly TrafficFact[] {
    return this.#rows.map((row) => this.#traffic.at(row));
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

function toggle<Fact>(facts: Fact[], fact: Fact, sign: 1 | -1): void {
  if (sign > 0) facts.push(fact);
  else facts.splice(facts.indexOf(fact), 1);
}

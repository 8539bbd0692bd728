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
} from "./experiment-fact.ts";
import { addSpend, highestSpend, NO_SPEND, scaleSpend, type Spend } from "./spend.ts";

/** One attempt's rows that count, in no particular order. */
export interface AttemptView {
  readonly attempt: number;
  readonly opened: readonly OpenedFact[];
  readonly interrupted: readonly InterruptedFact[];
  readonly finalized: readonly FinalizedFact[];
  readonly requests: readonly RequestFact[];
  readonly debits: readonly DebitFact[];
  /** What the attempt took: the highest of its end's usage, its requests and its debits. */
  readonly spend: Spend;
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

  constructor({ window, provider }: Pick<WindowView, "window" | "provider">) {
    this.window = window;
    this.provider = provider;
  }

  /** Adds a row (1) or removes it (-1) and returns what that changes in tokens spent. */
  change(fact: AttemptFact, sign: 1 | -1): Spend {
    const attempt = this.attempts.get(fact.attempt) ?? new AttemptTally(fact.attempt);
    this.attempts.set(fact.attempt, attempt);
    return attempt.change(fact, sign);
  }
}

class AttemptTally implements AttemptView {
  readonly attempt: number;
  readonly opened: OpenedFact[] = [];
  readonly interrupted: InterruptedFact[] = [];
  readonly finalized: FinalizedFact[] = [];
  readonly requests: RequestFact[] = [];
  readonly debits: DebitFact[] = [];
  #requested = NO_SPEND;
  #debited = NO_SPEND;
  spend = NO_SPEND;

  constructor(attempt: number) {
    this.attempt = attempt;
  }

  change(fact: AttemptFact, sign: 1 | -1): Spend {
    this.#shelve(fact, sign);
    const before = this.spend;
    const ends = [latestOf(this.interrupted), latestOf(this.finalized)];
    const ended = ends.map((end) => (end === undefined ? NO_SPEND : spendOf(end.usage)));
    this.spend = highestSpend([...ended, this.#requested, this.#debited]);
    return addSpend(this.spend, scaleSpend(before, -1));
  }

  #shelve(fact: AttemptFact, sign: 1 | -1): void {
    switch (fact.kind) {
      case "opened":
        return toggle(this.opened, fact, sign);
      case "interrupted":
        return toggle(this.interrupted, fact, sign);
      case "finalized":
        return toggle(this.finalized, fact, sign);
      case "request":
        this.#requested = addSpend(this.#requested, scaleSpend(spendOf(fact.usage), sign));
        return toggle(this.requests, fact, sign);
      case "debit":
        this.#debited = addSpend(this.#debited, scaleSpend(debitOf(fact), sign));
        return toggle(this.debits, fact, sign);
    }
  }
}

function spendOf(usage: Usage | null): Spend {
  if (usage === null) return NO_SPEND;
  return { all: tokensIn("all", usage), uncached: tokensIn("uncached", usage) };
}

/** A debit says nothing of the other basis. */
function debitOf({ basis, delta }: DebitFact): Spend {
  return { ...NO_SPEND, [basis]: delta };
}

function toggle<Fact>(facts: Fact[], fact: Fact, sign: 1 | -1): void {
  if (sign > 0) facts.push(fact);
  else facts.splice(facts.indexOf(fact), 1);
}

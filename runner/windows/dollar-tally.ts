import type { DollarCost } from "../../ledger/domain/dollars.ts";
import type { ProxiedRequest } from "../../ledger/domain/proxied-request.ts";

/** What of a request its price needs; only requests to a model that were sent on have any. */
export type PricedRequest = Pick<ProxiedRequest, "status" | "model" | "usage" | "cost_usd">;

/** Our own sum: what the agent says comes with its capture. */
export type CountedDollars = Pick<DollarCost, "amount" | "known" | "unpriced" | "untold">;

const NO_NAME = "(a model without a name)";
/** Ten digits behind the point, as each request has them. */
const ROUNDING = 1e10;

/** Adds up what requests cost, and keeps what of them is not known. */
export class DollarTally {
  readonly #unpriced = new Set<string>();
  #known = 0;
  #untold = 0;

  add({ status, model, usage, cost_usd: dollars }: PricedRequest): void {
    if (dollars !== null) {
      this.#known += dollars;
    } else if (usage === null) {
      // An error costs nothing; an answer that broke off, or never tells, costs nobody knows what.
      if (status !== null && status >= 200 && status < 300) this.#untold += 1;
    } else if (usage.output === undefined || usage.input_uncached === undefined) {
      this.#untold += 1;
    } else {
      this.#unpriced.add(model ?? NO_NAME);
    }
  }

  read(): CountedDollars {
    const known = Math.round(this.#known * ROUNDING) / ROUNDING;
    const unpriced = [...this.#unpriced].toSorted();
    const isKnown = unpriced.length === 0 && this.#untold === 0;
    return { amount: isKnown ? known : null, known, unpriced, untold: this.#untold };
  }
}

import type { DollarCost } from "../../ledger/domain/dollars.ts";
import type { ProxiedRequest } from "../../ledger/domain/proxied-request.ts";

/** The fields that determine a request's price; only requests that reached a model have one. */
export type PricedRequest = Pick<ProxiedRequest, "status" | "model" | "usage" | "cost_usd">;

/** Our own sum; the agent's sum is in its capture. */
export type CountedDollars = Pick<DollarCost, "amount" | "known" | "unpriced" | "untold">;

const NO_NAME = "(a model without a name)";
/** Ten decimal places, like each request. */
const ROUNDING = 1e10;

/** Adds up the cost of requests and counts those whose cost is unknown. */
export class DollarTally {
  readonly #unpriced = new Set<string>();
  #known = 0;
  #untold = 0;

  add({ status, model, usage, cost_usd: dollars }: PricedRequest): void {
    if (dollars !== null) {
      this.#known += dollars;
    } else if (usage === null) {
      // An error costs nothing; an answer without usage has an unknown cost.
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

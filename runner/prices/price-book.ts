import { canonicalSha256 } from "../../ledger/domain/canonical-json.ts";
import type { Usage } from "../../ledger/domain/usage.ts";
import { findPrice } from "./find-price.ts";
import type { ModelPrice, PriceList } from "./price-list.ts";
import { billableTokens, dollars } from "./price-usage.ts";

/** A price, and where it was found. */
export interface FoundPrice {
  /** The id in the list, e.g. `claude-sonnet-4-5` for `claude-sonnet-4-5-20250929`. */
  readonly model: string;
  readonly list: string;
  readonly price: ModelPrice;
}

/** What models cost, as one experiment knows it. It does not change once it is open. */
export interface PriceBook {
  /** Names of its lists, the user's own first, e.g. `prices.yaml + counterbalance`. */
  readonly name: string;
  /** `YYYY-MM-DD`: the newest date of its lists. */
  readonly asOf: string | null;
  /** Hex digest of the canonical JSON of all its lists. */
  readonly sha256: string;
  /** In the order in which they are asked. */
  readonly lists: readonly PriceList[];
  /** Whether the user brought prices of his own. */
  readonly hasOwn: boolean;
  /** By the exact id, or the id without its date; undefined where no list has it. */
  find(model: string): FoundPrice | undefined;
  /** Dollars of a request; null where the model has no price (or a class it used has none). */
  dollars(model: string | null, usage: Usage, atMs: number): number | null;
  /**
   * Tokens with cache reads and writes weighted by their price against plain input, rounded up
   * (basis `billable`); null where the model has no price.
   */
  billableTokens(model: string | null, usage: Usage, atMs: number): number | null;
}

/** Opens lists as one book; the earlier list is asked first. */
export function openPriceBook(lists: {
  readonly own: PriceList | null;
  readonly shipped: PriceList;
}): PriceBook {
  const all = lists.own === null ? [lists.shipped] : [lists.own, lists.shipped];
  const find = (model: string): FoundPrice | undefined => findPrice(all, model);
  const priceOf = (model: string | null) => (model === null ? undefined : find(model)?.price);
  return {
    name: all.map(({ name }) => name).join(" + "),
    asOf:
      all
        .flatMap(({ as_of: asOf }) => asOf ?? [])
        .toSorted()
        .at(-1) ?? null,
    sha256: canonicalSha256(all),
    lists: all,
    hasOwn: lists.own !== null,
    find,
    dollars: (model, usage, atMs) => {
      const price = priceOf(model);
      return price === undefined ? null : dollars(price, usage, atMs);
    },
    billableTokens: (model, usage, _atMs) => {
      const price = priceOf(model);
      return price === undefined ? null : billableTokens(price, usage);
    },
  };
}

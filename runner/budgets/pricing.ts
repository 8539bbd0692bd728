import type { Usage } from "../../ledger/domain/usage.ts";

/** The known cost of requests at a moment (epoch ms). */
export interface Pricing {
  /** Returns null without a price, which is not zero. */
  dollars(model: string | null, usage: Usage, atMs: number): number | null;
  /** Returns tokens in the basis `billable`; null without a price. */
  billableTokens(model: string | null, usage: Usage, atMs: number): number | null;
}

export const UNPRICED: Pricing = { dollars: () => null, billableTokens: () => null };

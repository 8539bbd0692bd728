import type { Usage } from "../../ledger/domain/usage.ts";

/** What requests cost at a moment (epoch ms), as far as anybody knows. */
export interface Pricing {
  /** null: no price, which is not zero. */
  dollars(model: string | null, usage: Usage, atMs: number): number | null;
  /** Tokens in the basis `billable`; null: no price. */
  billableTokens(model: string | null, usage: Usage, atMs: number): number | null;
}

export const UNPRICED: Pricing = { dollars: () => null, billableTokens: () => null };

import type { TokenBasis } from "../../ledger/domain/token-basis.ts";

/**
 * Tokens that count as a window's cost where no price is known. It belongs to the frozen question:
 * what budgets count may be changed later, what is compared may not.
 */
export const COST_BASIS: TokenBasis = "uncached";

/** A discount and the conditions on it. All conditions that are given have to hold. */
export interface Rule {
  name: string;
  off: { percent: number } | { cents: number };
  /** Only lines that fit; there must be at least one. A percentage is one of their full price. */
  lines?: { category?: string; minQuantity?: number };
  /** What earlier discounts left must be at least this. */
  minCents?: number;
  tier?: string;
  firstOrder?: true;
  coupon?: string;
  /** It is never combined with other discounts. */
  alone?: true;
}

/** The shop's own rules. */
export const SHOP_RULES: Rule[] = [
  { name: "bulk", off: { percent: 10 }, lines: { minQuantity: 10 } },
  { name: "gold", off: { percent: 5 }, tier: "gold" },
  { name: "silver", off: { percent: 2 }, tier: "silver" },
  { name: "WELCOME", off: { cents: 500 }, coupon: "WELCOME", firstOrder: true, minCents: 2000 },
];

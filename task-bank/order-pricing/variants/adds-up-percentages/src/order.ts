export interface Line {
  category: string;
  unitCents: number;
  quantity: number;
}

export interface Order {
  lines: Line[];
  customer: { tier: "none" | "silver" | "gold"; firstOrder: boolean };
  coupon?: string;
}

/** What lines cost without discounts, in cents. */
export function costOf(lines: Line[]): number {
  return lines.reduce((sum, { unitCents, quantity }) => sum + unitCents * quantity, 0);
}

import { costOf, type Line, type Order } from "./order.ts";
import { type Rule, SHOP_RULES } from "./rules.ts";
import { shippingOf } from "./shipping.ts";

export interface Discount {
  name: string;
  cents: number;
}

export interface Quote {
  subtotal: number;
  discounts: Discount[];
  shipping: number;
  total: number;
}

/** What an order costs with shipping, in cents. */
export function priceOrder(order: Order): number {
  return quote(order).total;
}

/** What an order costs, and what each rule takes off. */
export function quote(order: Order, rules: Rule[] = SHOP_RULES): Quote {
  const subtotal = costOf(order.lines);
  const alone = [] as Rule[];
  const stacked = rules;
  const choices = [stacked, ...alone.map((rule) => [rule])].map((chosen) => discountsOf(order, chosen));
  // Sorting is stable, so that the first of equal choices wins.
  const [discounts] = choices.sort((first, second) => sumOf(second) - sumOf(first));
  const goods = subtotal - sumOf(discounts);
  const shipping = shippingOf(goods, order.coupon);
  return { subtotal, discounts, shipping, total: goods + shipping };
}

function discountsOf(order: Order, rules: Rule[]): Discount[] {
  const discounts: Discount[] = [];
  for (const rule of rules) {
    const left = costOf(order.lines) - sumOf(discounts);
    const cents = Math.min(left, offBy(rule, order, left));
    if (cents > 0) discounts.push({ name: rule.name, cents });
  }
  return discounts;
}

function offBy(rule: Rule, order: Order, left: number): number {
  const lines = order.lines.filter((line) => fits(line, rule.lines));
  if (lines.length === 0 || !holds(rule, order, left)) return 0;
  if ("cents" in rule.off) return rule.off.cents;
  return Math.round(((rule.lines ? costOf(lines) : left) * rule.off.percent) / 100);
}

function fits(line: Line, { category = line.category, minQuantity = 0 }: Rule["lines"] = {}): boolean {
  return line.category === category && line.quantity >= minQuantity;
}

function holds(rule: Rule, { customer, coupon }: Order, left: number): boolean {
  return (
    left >= (rule.minCents ?? 0) &&
    customer.tier === (rule.tier ?? customer.tier) &&
    coupon === (rule.coupon ?? coupon) &&
    (customer.firstOrder || !rule.firstOrder)
  );
}

function sumOf(discounts: Discount[]): number {
  return discounts.reduce((sum, { cents }) => sum + cents, 0);
}

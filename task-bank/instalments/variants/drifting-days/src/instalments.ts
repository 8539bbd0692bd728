import { format, parse, sizeOf, split } from "./money.ts";
import { monthsLater } from "./months.ts";

export interface Terms {
  total: string;
  currency: string;
  count: number;
  first: string;
  smallest?: string;
}

export interface Instalment {
  due: string;
  amount: string;
  left: string;
}

export function plan({ total, currency, count, first, smallest = "0" }: Terms): Instalment[] {
  if (!Number.isInteger(count) || count < 1 || monthsLater(first, 0) !== first) throw new RangeError();
  const units = parse(total, currency);
  const least = parse(smallest, currency);
  const possible = least === 0n ? count : Number(sizeOf(units) / least);
  const weights = Array.from({ length: Math.max(1, Math.min(count, possible)) }, () => 1n);
  let left = units;
  let due = first;
  return split(units, weights).map((part, index) => {
    left -= part;
    return { due: (due = index > 0 ? monthsLater(due, 1) : due), amount: format(part, currency), left: format(left, currency) };
  });
}

export function share(total: string, currency: string, weights: readonly number[]): string[] {
  return split(parse(total, currency), weights.map(BigInt)).map((part) => format(part, currency));
}

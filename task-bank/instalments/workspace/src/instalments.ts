import { digitsOf } from "./currencies.ts";
import { format, parse, split } from "./money.ts";
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
  digitsOf(currency);
  let number = count;
  while (number > 1 && parse(total) / number <= parse(smallest)) number -= 1;
  let due = first;
  let left = Number(total);
  return split(parse(total), Array<number>(number).fill(1)).map((part, index) => {
    if (index > 0) due = monthsLater(due, 1);
    left -= part / 100;
    return { due, amount: format(part), left: String(left) };
  });
}

export function share(total: string, currency: string, weights: readonly number[]): string[] {
  digitsOf(currency);
  return split(parse(total), weights).map((part) => format(part));
}

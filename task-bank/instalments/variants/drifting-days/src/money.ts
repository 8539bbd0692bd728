import { digitsOf } from "./currencies.ts";

/** An amount in the smallest units of its currency. */
export function parse(text: string, currency: string): bigint {
  const digits = digitsOf(currency);
  const [, whole, fraction = ""] = /^(-?\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === undefined || fraction.length > digits) throw new RangeError();
  return BigInt(whole + fraction.padEnd(digits, "0"));
}

export function format(units: bigint, currency: string): string {
  const digits = digitsOf(currency);
  const text = String(sizeOf(units)).padStart(digits + 1, "0");
  const point = text.length - digits;
  const fraction = digits > 0 ? `.${text.slice(point)}` : "";
  return `${units < 0n ? "-" : ""}${text.slice(0, point)}${fraction}`;
}

/** Splits an amount by weights. The parts that are cut most take the units that are left over. */
export function split(units: bigint, weights: readonly bigint[]): bigint[] {
  const sum = sumOf(weights);
  if (sum === 0n || weights.some((weight) => weight < 0n)) throw new RangeError();
  const sign = units < 0n ? -1n : 1n;
  const size = sizeOf(units);
  const parts = weights.map((weight) => ({ units: (size * weight) / sum, cut: (size * weight) % sum }));
  const left = Number(size - sumOf(parts.map((part) => part.units)));
  for (const part of parts.toSorted((a, b) => Number(b.cut - a.cut)).slice(0, left)) part.units += 1n;
  return parts.map((part) => part.units * sign);
}

export function sizeOf(units: bigint): bigint {
  return units < 0n ? -units : units;
}

function sumOf(numbers: readonly bigint[]): bigint {
  return numbers.reduce((sum, number) => sum + number, 0n);
}

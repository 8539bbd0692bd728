import { createHash } from "node:crypto";

/** 97.5 % quantiles of Student's t from a printed table, by degrees of freedom. */
const T_975: Readonly<Record<number, number>> = { 2: 4.302652729911275, 3: 3.182446305284263 };

/** Geometric mean of ratios with its 95 % t interval, from the textbook. */
export function geometricMeanRatio(ratios: readonly number[]) {
  const logs = ratios.map((ratio) => Math.log(ratio));
  const { mean, variance } = momentsOf(logs);
  const half = (T_975[logs.length - 1] ?? Number.NaN) * Math.sqrt(variance / logs.length);
  return { value: Math.exp(mean), lower: Math.exp(mean - half), upper: Math.exp(mean + half) };
}

/** Period 1 ÷ period 2 of a two-period cross-over: half the sum of the sequences' mean differences. */
export function periodRatio(
  pairs: readonly { readonly first: number; readonly second: number; readonly sequence: string }[],
): number {
  const meanOf = (sequence: string) => {
    const logs = pairs
      .filter((pair) => pair.sequence === sequence)
      .map(({ first, second }) => Math.log(first / second));
    return momentsOf(logs).mean;
  };
  return Math.exp((meanOf("AB") + meanOf("BA")) / 2);
}

function momentsOf(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: squares / (values.length - 1) };
}

/** JSON as RFC 8785 writes it: keys in the order of their UTF-16 code units, no blanks. */
function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, one]) => `${JSON.stringify(key)}:${canonicalText(one)}`).join(",")}}`;
}

export function sha256OfCanonical(value: unknown): string {
  return createHash("sha256").update(canonicalText(value)).digest("hex");
}

/** An amount in cents. */
export function parse(text: string): number {
  return Math.floor(Number(text) * 100);
}

export function format(cents: number): string {
  return (cents / 100).toFixed(2);
}

/** Splits an amount by weights. */
export function split(cents: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((before, weight) => before + weight, 0);
  return weights.map((weight) => Math.round((cents * weight) / sum));
}

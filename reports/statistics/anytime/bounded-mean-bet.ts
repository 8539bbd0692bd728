/** What is bet: values are at least −bound; `grid` stakes are mixed. */
export interface BoundedBet {
  readonly bound: number;
  readonly grid: number;
}

/**
 * The wealth, as a natural logarithm, of betting against "the mean of x is at most 0" where no x is
 * below −bound: ln Σₖ wₖ Πᵢ (1 + (k/K)·xᵢ/bound) with weights wₖ = 2k/(K(K+1)).
 *
 * An e-value: under the null hypothesis its mean is at most 1 at any time of looking, for any
 * distribution. It does not depend on the order of the values. Values below −bound are rounding
 * and are raised to it.
 *
 * Source: Waudby-Smith & Ramdas, JRSS B 2024;86:1.
 *
 * @example
 * logWealth([0.2], { bound: 0.8, grid: 20 }); // 0.1577157459917544
 */
export function logWealth(values: readonly number[], bet: BoundedBet): number {
  return logMixture(stakes(bet.grid).map((stake) => logProduct(values, stake, bet.bound)));
}

/**
 * {@link logWealth} after every value, in the order given.
 *
 * @example
 * logWealthByPrefix([0.2, 0.2], { bound: 0.8, grid: 20 }); // 0.1577…, 0.3180…
 */
export function logWealthByPrefix(values: readonly number[], bet: BoundedBet): readonly number[] {
  const shares = stakes(bet.grid);
  const logs = shares.map(() => 0);
  return values.map((value) => {
    for (const [index, stake] of shares.entries()) {
      logs[index] = (logs[index] ?? 0) + logFactor(value, stake, bet.bound);
    }
    return logMixture(logs);
  });
}

function stakes(grid: number): readonly number[] {
  return Array.from({ length: grid }, (_, index) => (index + 1) / grid);
}

function logProduct(values: readonly number[], stake: number, bound: number): number {
  let total = 0;
  for (const value of values) total += logFactor(value, stake, bound);
  return total;
}

function logFactor(value: number, stake: number, bound: number): number {
  return Math.log1p((stake * Math.max(value, -bound)) / bound);
}

/** ln Σ wₖ exp(lₖ), with the largest term taken out so that nothing overflows. */
function logMixture(logs: readonly number[]): number {
  const largest = Math.max(...logs);
  if (largest === -Infinity) return -Infinity;
  const count = logs.length;
  const weighted = logs.reduce(
    (total, log, index) =>
      total + ((2 * (index + 1)) / (count * (count + 1))) * Math.exp(log - largest),
    0,
  );
  return largest + Math.log(weighted);
}

/** What was done about cost ratios that do not vary. */
export function degenerateAction(candidate: string, pairs: number): string {
  return `The cost ratios to ${candidate} do not vary over ${pairs} pairs, as if data had been replayed; no such look counts for a gate.`;
}

interface ArmMedian {
  readonly provider: string;
  readonly median: string;
}

/** What was done about conditions of the machine that differ between arms. */
export function unequalAction(name: string, arms: readonly ArmMedian[]): string {
  const said = arms.map(({ provider, median }) => `${provider} ${median}`).join(", ");
  return `The arms' medians of ${name} differ by more than 25 %: ${said}. All figures were kept.`;
}

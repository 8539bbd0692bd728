const STEPS_MAX = 200;
const SETTLED = 2e-16;

/** An increasing function at one point: its value and its slope there. */
export interface ValueAndSlope {
  readonly value: number;
  readonly slope: number;
}

/**
 * The root of an increasing function inside a bracket, by Newton's method kept inside the bracket:
 * a step that would leave it, or has no usable slope, becomes a bisection.
 *
 * Stops when a step is below 2e-16 of x, when steps no longer shrink, or after 200 steps.
 *
 * @example
 * newtonRoot({ low: 0, high: 2 }, 1, (x) => ({ value: x * x - 2, slope: 2 * x })); // 1.414213562373095
 */
export function newtonRoot(
  bracket: { readonly low: number; readonly high: number },
  start: number,
  evaluate: (x: number) => ValueAndSlope,
): number {
  let { low, high } = bracket;
  let x = start;
  let previousStep = Infinity;
  for (let count = 0; count < STEPS_MAX; count += 1) {
    const { value, slope } = evaluate(x);
    if (value === 0) return x;
    if (value < 0) low = x;
    else high = x;
    const next = stayInside(x - value / slope, { low, high });
    const step = Math.abs(next - x);
    const stalled = step >= previousStep && step <= 1e-14 * Math.abs(x);
    x = next;
    if (step <= SETTLED * Math.abs(x) || stalled) break;
    previousStep = step;
  }
  return x;
}

function stayInside(x: number, { low, high }: { readonly low: number; readonly high: number }) {
  return x > low && x < high ? x : low + (high - low) / 2;
}

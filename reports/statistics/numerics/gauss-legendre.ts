/** One point of a quadrature rule on [−1, 1]. */
export interface QuadratureNode {
  readonly at: number;
  readonly weight: number;
}

const NEWTON_STEPS_MAX = 100;

/**
 * The nodes and weights of Gauss–Legendre quadrature with `count` points on [−1, 1], exact for
 * polynomials of degree below 2·count.
 *
 * Source: Abramowitz & Stegun 25.4.29; nodes by Newton's method on the Legendre recurrence.
 *
 * @example
 * gaussLegendre(2); // at ±0.5773502691896257, each with weight 1
 */
export function gaussLegendre(count: number): readonly QuadratureNode[] {
  return Array.from({ length: count }, (_, index) => {
    let at = Math.cos((Math.PI * (index + 0.75)) / (count + 0.5));
    for (let step = 0; step < NEWTON_STEPS_MAX; step += 1) {
      const { value, slope } = legendre(count, at);
      at -= value / slope;
      if (Math.abs(value / slope) < 1e-16) break;
    }
    const { slope } = legendre(count, at);
    return { at, weight: 2 / ((1 - at * at) * slope * slope) };
  });
}

function legendre(degree: number, x: number): { readonly value: number; readonly slope: number } {
  let before = 1;
  let value = x;
  for (let order = 2; order <= degree; order += 1) {
    const next = ((2 * order - 1) * x * value - (order - 1) * before) / order;
    before = value;
    value = next;
  }
  return { value, slope: (degree * (x * value - before)) / (x * x - 1) };
}

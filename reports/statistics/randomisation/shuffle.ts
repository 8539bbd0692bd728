import { drawIndex, type Rng } from "./stream.ts";

/**
 * Puts values into a random order in which every order is equally likely (Fisher–Yates, from the
 * last place down), taking one uniform per place but the first.
 *
 * @example
 * shuffle(["x", "y"], () => 0); // ["y", "x"]
 */
export function shuffle<Value>(values: readonly Value[], rng: Rng): readonly Value[] {
  const places = Uint32Array.from(values, (_, index) => index);
  for (let last = places.length - 1; last >= 1; last -= 1) {
    const other = drawIndex(rng, last + 1);
    [places[last], places[other]] = [places[other] ?? 0, places[last] ?? 0];
  }
  return [...places].flatMap((place) => values.slice(place, place + 1));
}

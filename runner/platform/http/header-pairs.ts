/** Raw headers, names and values in turn, as pairs. */
export function* headerPairs(raw: readonly string[]): Iterable<readonly [string, string]> {
  for (let index = 0; index + 1 < raw.length; index += 2) {
    yield [raw[index] ?? "", raw[index + 1] ?? ""];
  }
}

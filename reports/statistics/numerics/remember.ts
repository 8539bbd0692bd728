const KNOWN_MAX = 10_000;

/** The same function of numbers, which works out each value once. */
export function remember<Args extends readonly number[]>(
  f: (...args: Args) => number,
): (...args: Args) => number {
  const known = new Map<string, number>();
  return (...args) => {
    const key = args.join("|");
    const found = known.get(key);
    if (found !== undefined) return found;
    const value = f(...args);
    if (known.size >= KNOWN_MAX) known.clear();
    known.set(key, value);
    return value;
  };
}

type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

/** A member of a JSON object; undefined if the value is not an object or lacks the member. */
export function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

/** No request of any vendor comes near it. A larger count is a fault and taken as not stated. */
const TOKENS_MAX = 1e9;

/** A token counter of an answer; undefined if it is missing or absurd. */
export function readTokens(usage: unknown, name: string): number | undefined {
  const tokens = member(usage, name);
  return typeof tokens === "number" &&
    Number.isInteger(tokens) &&
    tokens >= 0 &&
    tokens <= TOKENS_MAX
    ? tokens
    : undefined;
}

/** The counters that a usage states, each under our name for the vendor's. */
export function readCounters<Name extends string>(
  usage: unknown,
  names: Readonly<Record<Name, string>>,
): Partial<Record<Name, number>> {
  const counters: Partial<Record<Name, number>> = {};
  for (const name in names) {
    const tokens = readTokens(usage, names[name]);
    if (tokens !== undefined) counters[name] = tokens;
  }
  return counters;
}

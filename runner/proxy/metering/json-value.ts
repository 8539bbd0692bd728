export { parseJson } from "../../../ledger/domain/parse-json.ts";

/** A member of a JSON object; undefined if the value is no object or lacks the member. */
export function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

/** The value behind several names; undefined if one of them is missing. */
export function valueAt(value: unknown, names: readonly string[]): unknown {
  return names.reduce((inner, name) => member(inner, name), value);
}

/** Names of models and errors are short; a longer text is not a name. */
const NAME_MAX = 200;

export function textMember(value: unknown, name: string): string | null {
  const text = member(value, name);
  return typeof text === "string" && text.length <= NAME_MAX ? text : null;
}

const CODE = /^[a-z][a-z0-9_.-]{0,63}$/i;

/** An error's name from a vendor or the system, if it looks like one. Free text never passes. */
export function errorCode(code: unknown, fallback: string): string {
  return typeof code === "string" && CODE.test(code) ? code : fallback;
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

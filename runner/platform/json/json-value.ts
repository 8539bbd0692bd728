import { member } from "../../../ledger/sources/tokens/counters.ts";

export { parseJson } from "../../../ledger/domain/parse-json.ts";
export { member };

/** The value at a path of several names; undefined if one of them is missing. */
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

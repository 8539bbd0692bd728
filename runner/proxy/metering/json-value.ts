/** A member of a JSON object; undefined where the value is none or lacks it. */
export function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

export function textMember(value: unknown, name: string): string | null {
  const text = member(value, name);
  return typeof text === "string" && text.length <= TEXT_MAX ? text : null;
}

/** Text as JSON, undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Names of models and errors are short; longer texts are no names. */
const TEXT_MAX = 200;

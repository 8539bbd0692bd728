/** The value at a path such as `candidates.0.cost`; undefined where there is none. `*` is each value of a list. */
export function valueAt(value: unknown, path: string): unknown {
  return valueOf(value, path.split("."));
}

function valueOf(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return value;
  if (typeof value !== "object" || value === null) return undefined;
  if (key === "*") return Object.values(value).map((each) => valueOf(each, rest));
  return valueOf(Object.getOwnPropertyDescriptor(value, key)?.value, rest);
}

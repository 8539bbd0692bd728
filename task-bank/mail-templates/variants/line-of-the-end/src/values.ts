const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** The text of a value: nothing for one that is missing. */
export function textOf(value: unknown): string {
  return String(value ?? "");
}

export function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] as string);
}

/** The value behind a path such as `order.lines`, `undefined` if there is none. */
export function lookUp(data: unknown, path: readonly string[]): unknown {
  let value = data;
  for (const name of path) {
    value = Object.hasOwn(Object(value), name) ? (value as Record<string, unknown>)[name] : undefined;
  }
  return value;
}

export function isTrue(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

import { valueAt } from "./json-path.ts";

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  ">": (value, bound) => value > bound,
  ">=": (value, bound) => value >= bound,
  "<": (value, bound) => value < bound,
  "<=": (value, bound) => value <= bound,
};

/** What a table may say about a value at a path: the words of the table, if they are true. */
export function cellAt(row: unknown, path: string, expected: string): string {
  const value = valueAt(row, path);
  return isSaid(value, expected) ? expected : textOf(value);
}

const KINDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  "a number": (value) => typeof value === "number",
  "a SHA-256": (value) => /^[0-9a-f]{64}$/u.test(String(value)),
};

/** `> 5`, `a number`, `none` for a field that is absent; "…" stands for anything in a text. */
function isSaid(value: unknown, expected: string): boolean {
  const isKind = KINDS[expected];
  if (isKind !== undefined) return isKind(value);
  const [, sign = "", bound] = /^([<>]=?) (-?[\d.]+)$/u.exec(expected) ?? [];
  const compare = COMPARISONS[sign];
  if (compare !== undefined) return typeof value === "number" && compare(value, Number(bound));
  return patternOf(expected).test(textOf(value));
}

function textOf(value: unknown): string {
  if (value === undefined) return "none";
  if (Array.isArray(value) && value.length > 0 && value.every((part) => Object(part) !== part)) {
    return value.map(String).join(", ");
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** "…" matches anything. */
function patternOf(text: string): RegExp {
  const parts = text
    .split("…")
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`));
  return new RegExp(`^${parts.join(".*")}$`, "su");
}

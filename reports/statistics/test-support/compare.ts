import { readFileSync } from "node:fs";

/** How far an actual number may be from an expected one: max(absolute, relative · |expected|). */
export interface Tolerance {
  readonly absolute: number;
  readonly relative: number;
}

/** The tolerance of everything for which no file states another. */
export const USUAL: Tolerance = { absolute: 1e-12, relative: 1e-9 };

/** Reads an oracle file of `../oracle/`; the caller states its type. */
export function readOracle(name: string) {
  return JSON.parse(readFileSync(new URL(`../oracle/${name}`, import.meta.url), "utf8"));
}

/** The files write numbers that JSON cannot hold as strings. */
export function asNumber(value: number | string): number {
  return typeof value === "number" ? value : Number(value);
}

/**
 * Every place at which `actual` differs from `expected`, as readable lines. Compares only the fields
 * of `expected`.
 */
export function mismatches(
  actual: unknown,
  expected: unknown,
  tolerance: Tolerance | ((path: string) => Tolerance) = USUAL,
): readonly string[] {
  const toleranceAt = typeof tolerance === "function" ? tolerance : () => tolerance;
  return compareAt({ path: "", actual, expected }, toleranceAt);
}

interface Place {
  readonly path: string;
  readonly actual: unknown;
  readonly expected: unknown;
}

function compareAt(place: Place, toleranceAt: (path: string) => Tolerance): readonly string[] {
  const { path, actual, expected } = place;
  const wanted = isNumberText(expected) ? Number(expected) : expected;
  if (typeof wanted === "number") {
    return isClose(actual, wanted, toleranceAt(path)) ? [] : [describe(path, actual, wanted)];
  }
  if (Array.isArray(wanted) && lengthOf(actual) !== wanted.length) {
    return [describe(`${path}.length`, lengthOf(actual), wanted.length)];
  }
  if (isRecord(wanted)) {
    if (!isRecord(actual)) return [describe(path, actual, wanted)];
    return Object.entries(wanted).flatMap(([key, value]) =>
      compareAt({ path: `${path}.${key}`, actual: actual[key], expected: value }, toleranceAt),
    );
  }
  return actual === wanted ? [] : [describe(path, actual, wanted)];
}

function isClose(actual: unknown, expected: number, tolerance: Tolerance): boolean {
  if (typeof actual !== "number") return false;
  if (actual === expected) return true;
  const allowed = Math.max(tolerance.absolute, tolerance.relative * Math.abs(expected));
  return Number.isFinite(expected) && Math.abs(actual - expected) <= allowed;
}

function isNumberText(value: unknown): value is string {
  return value === "Infinity" || value === "-Infinity" || value === "NaN";
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function lengthOf(value: unknown): number | undefined {
  return Array.isArray(value) ? value.length : undefined;
}

function describe(path: string, actual: unknown, expected: unknown): string {
  return `${path}: expected ${JSON.stringify(expected)}, got ${String(actual)}`;
}

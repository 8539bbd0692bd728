import { type Comparator, comparatorsOf, holds } from "./comparators.ts";
import { compare, parseVersion, type Version } from "./version.ts";

/** -1 if the first version comes before the second, 1 if it comes after it, else 0. */
export function compareVersions(first: string, second: string): number {
  return compare(parseVersion(first), parseVersion(second));
}

/** Whether a range allows a version. */
export function satisfies(version: string, range: string): boolean {
  const candidate = parseVersion(version);
  const alternatives = range.split("||").map((text) => text.trim().split(/\s+/).flatMap(comparatorsOf));
  return alternatives.some((comparators) => allows(comparators, candidate));
}

/** The highest version that a range allows, or null. */
export function bestMatch(versions: string[], range: string): string | null {
  return versions.filter((version) => satisfies(version, range)).sort(compareVersions).at(-1) ?? null;
}

function allows(comparators: Comparator[], candidate: Version): boolean {
  if (!comparators.every((comparator) => holds(comparator, candidate))) return false;
  if (candidate.pre.length === 0) return true;
  return comparators.some(({ version }) => version.pre.length > 0 && isSameRelease(version, candidate));
}

function isSameRelease(first: Version, second: Version): boolean {
  return first.core.join(".") === second.core.join(".");
}

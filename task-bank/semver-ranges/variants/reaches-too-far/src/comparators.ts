import { compare, parseVersion, type Version } from "./version.ts";

export interface Comparator {
  operator: string;
  version: Version;
}

/** The comparisons that one part of a range stands for, e.g. `^1.2.3` for `>=1.2.3` and `<2.0.0`. */
export function comparatorsOf(part: string): Comparator[] {
  const operator = /^(?:\^|~|[<>]=?|=)?/.exec(part)[0];
  const text = part.slice(operator.length);
  const given = /^\d+(?:\.\d+)?$/.test(text) ? text.split(".").map(Number) : null;
  const version = given === null ? parseVersion(text) : { core: [given[0], given[1] ?? 0, 0], pre: [] };
  const places = given?.length ?? 3;
  if (operator === "^") return between(version, caretPlace(version.core, places));
  if (operator === "~") return between(version, Math.min(1, places - 1));
  if (operator === "" && places < 3) return between(version, places - 1);
  if (places < 3) throw new RangeError(`"${part}" needs a whole version`);
  return [{ operator, version }];
}

/** The first number that is not 0, among those that are given. */
function caretPlace(core: number[], places: number): number {
  const place = core.findIndex((number) => number !== 0);
  return place === -1 ? places - 1 : place;
}

function between(version: Version, kept: number): Comparator[] {
  const core = version.core.map((number, place) => (place > kept ? 0 : number));
  core[kept] += 1;
  return [
    { operator: ">=", version },
    { operator: "<=", version: { core, pre: [] } },
  ];
}

export function holds({ operator, version }: Comparator, candidate: Version): boolean {
  const order = compare(candidate, version);
  if (order === 0) return operator !== "<" && operator !== ">";
  return operator.startsWith(order < 0 ? "<" : ">");
}

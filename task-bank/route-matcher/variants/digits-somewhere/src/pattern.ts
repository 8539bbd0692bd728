export interface Segment {
  /** The lower, the more precise: a fixed text, an integer, a parameter, a wildcard. */
  rank: 0 | 1 | 2 | 3;
  /** The fixed text, or the name of the parameter. */
  text: string;
}

const SEGMENT = /^(?:(?<fixed>[\w.~-]+)|:(?<int>\w+)<int>|:(?<one>\w+)|\*(?<rest>\w+))$/;

export function readPattern(pattern: string): Segment[] {
  if (pattern === "/") return [];
  if (!pattern.startsWith("/")) throw new RangeError();
  const segments = pattern.slice(1).split("/").map(readSegment);
  const names = segments.filter(({ rank }) => rank > 0).map(({ text }) => text);
  const hasLateWildcard = segments.slice(0, -1).every(({ rank }) => rank < 3);
  if (names.length > new Set(names).size || !hasLateWildcard) throw new RangeError();
  return segments;
}

function readSegment(segment: string): Segment {
  const { fixed, int, one, rest } = SEGMENT.exec(segment)?.groups ?? {};
  const rank = [fixed, int, one, rest].findIndex((text) => text !== undefined);
  if (rank < 0) throw new RangeError();
  return { rank: rank as Segment["rank"], text: (fixed ?? int ?? one ?? rest) as string };
}

/** Whether the text can take the place of the segment. */
export function takes({ rank, text }: Segment, part: string): boolean {
  if (rank === 0) return part === text;
  return rank === 1 ? /\d/.test(part) : part !== "";
}

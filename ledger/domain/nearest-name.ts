import { closestMatch } from "leven";

const EDITS_MAX = 3;
/** At most this part of a name may be wrong. */
const WRONG_MAX = 0.4;

/** The known name that a misspelt one probably means. */
export function nearestName(misspelt: string, known: readonly string[]): string | undefined {
  const same = known.find((name) => name.toLowerCase() === misspelt.toLowerCase());
  if (same !== undefined) return same;
  const maxDistance = Math.min(EDITS_MAX, Math.floor(WRONG_MAX * misspelt.length));
  return maxDistance === 0 ? undefined : closestMatch(misspelt, known, { maxDistance });
}

/** The sentence ` Did you mean "lru-cache"?`; nothing if no known name is near. */
export function sayMeant(misspelt: string, known: readonly string[]): string {
  const near = nearestName(misspelt, known);
  return near === undefined ? "" : ` Did you mean ${JSON.stringify(near)}?`;
}

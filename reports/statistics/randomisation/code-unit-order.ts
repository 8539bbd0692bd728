/** Orders texts by UTF-16 code unit, the same on every machine and in every locale. */
export function byCodeUnit(first: string, second: string): number {
  if (first === second) return 0;
  return first < second ? -1 : 1;
}

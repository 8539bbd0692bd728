export interface Version {
  /** Major, minor and patch. */
  core: number[];
  /** The identifiers of the pre-release; none for a release. */
  pre: string[];
}

const VERSION = /^(\d+)\.(\d+)\.(\d+)(?:-([0-9a-z-]+(?:\.[0-9a-z-]+)*))?$/i;

export function parseVersion(text: string): Version {
  const match = VERSION.exec(text);
  if (match === null) throw new RangeError(`"${text}" is no version`);
  return { core: match.slice(1, 4).map(Number), pre: match[4]?.split(".") ?? [] };
}

export function compare(first: Version, second: Version): number {
  for (const [place, number] of first.core.entries()) {
    const order = Math.sign(number - second.core[place]);
    if (order !== 0) return order;
  }
  return comparePre(first.pre, second.pre);
}

function comparePre(first: string[], second: string[]): number {
  // A release has no identifiers and comes last.
  if (first.length === 0 || second.length === 0) return Math.sign(second.length - first.length);
  for (const [place, identifier] of first.entries()) {
    if (place === second.length) return 1;
    const order = compareIdentifiers(identifier, second[place]);
    if (order !== 0) return order;
  }
  return Math.sign(first.length - second.length);
}

function compareIdentifiers(first: string, second: string): number {
  const [isNumber, isOtherNumber] = [first, second].map((text) => /^\d+$/.test(text));
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  if (isNumber) return Math.sign(Number(first) - Number(second));
  if (first === second) return 0;
  return first < second ? -1 : 1;
}

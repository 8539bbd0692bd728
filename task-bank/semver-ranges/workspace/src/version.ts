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
  const [pre, otherPre] = [first.pre.join("."), second.pre.join(".")];
  if (pre === otherPre) return 0;
  return pre < otherPre ? -1 : 1;
}

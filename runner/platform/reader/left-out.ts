/** Why a part of what an agent left counts as absent, as sentences say it. */
const REASONS = {
  unreadable: "not readable",
  special: "neither file, folder nor link",
  name: "with a name that is not UTF-8",
  path: "with too long a path",
  deep: "below too many folders",
  large: "too large",
  many: "beyond the limit of files",
  bytes: "beyond the limit of bytes",
  time: "beyond the limit of time",
  rules: "set of ignore rules, because git gave up",
  reader: "reading that failed",
} as const;
type LeftOutReason = keyof typeof REASONS;

/** Parts of what an agent left that count as absent. */
export interface LeftOut {
  readonly reason: LeftOutReason;
  readonly count: number;
  /** The first of them by name, shortened and without control characters. */
  readonly first: readonly string[];
}

const NAMES_MAX = 3;
const NAME_CHARACTERS_MAX = 60;

/** Counts what is left out, by reason. */
export class LeftOutTally {
  readonly #counts = new Map<LeftOutReason, { count: number; first: string[] }>();

  add(reason: LeftOutReason, name: string): void {
    const known = this.#counts.get(reason) ?? { count: 0, first: [] };
    this.#counts.set(reason, known);
    known.count += 1;
    if (known.first.length < NAMES_MAX) known.first.push(shown(name));
  }

  list(): readonly LeftOut[] {
    return [...this.#counts].map(([reason, { count, first }]) => ({ reason, count, first }));
  }
}

function shown(name: string): string {
  const plain = name.replaceAll(/[^\P{C}\u00ad]/gu, "?");
  return plain.length > NAME_CHARACTERS_MAX ? `${plain.slice(0, NAME_CHARACTERS_MAX)}…` : plain;
}

/** For example `1 too large (big.bin), 2 not readable (a, b)`. */
export function sayLeftOut(leftOut: readonly LeftOut[]): string {
  return leftOut
    .map(({ reason, count, first }) => {
      const more = count > first.length ? ", …" : "";
      return `${String(count)} ${REASONS[reason]} (${first.join(", ")}${more})`;
    })
    .join(", ");
}

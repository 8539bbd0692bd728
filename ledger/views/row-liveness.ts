import type { ExperimentFact } from "./experiment-fact.ts";
import type { RowIds } from "./row-ids.ts";

/** What to do when a row begins or ceases to count. */
interface Shelves {
  place(fact: ExperimentFact): void;
  take(fact: ExperimentFact): void;
  /** Places a row under its number and keeps it itself, in less room; false where it does not. */
  placeCompactly(fact: ExperimentFact, number: number): boolean;
  /** A row that is kept so, placed or taken. */
  findCompact(number: number): ExperimentFact | undefined;
}

/** What a row says against another one. */
export interface Claim {
  /** The other row's id. */
  readonly against: string;
  readonly kind: "supersedes" | "undoes";
}

/** The same, by the other row's number. */
type NumberedClaim = Pick<Claim, "kind"> & { readonly against: number };

/**
 * Which rows count. A row is dead while a row supersedes or undoes it. Undoing a correction brings back
 * what it corrected; correcting the correction does not. The order in which rows of different files
 * arrive makes no difference. Rows are known by the numbers of their ids.
 */
export class RowLiveness {
  readonly #shelves: Shelves;
  readonly #ids: RowIds;
  readonly #facts = new Map<number, ExperimentFact>();
  /** How many claims in force there are against a row. */
  readonly #against = {
    supersedes: new Map<number, number>(),
    undoes: new Map<number, number>(),
  } as const;
  /** What a row says against another; in force while it is not undone itself. */
  readonly #claims = new Map<number, NumberedClaim>();

  constructor(ids: RowIds, shelves: Shelves) {
    this.#ids = ids;
    this.#shelves = shelves;
  }

  /** A row as it was read, dead or alive. */
  find(id: string): ExperimentFact | undefined {
    const number = this.#ids.find(id);
    return number === undefined ? undefined : this.#findAt(number);
  }

  /** Whether nothing in force speaks against a row. */
  isAlive(id: string): boolean {
    const number = this.#ids.find(id);
    return number === undefined || this.#isAliveAt(number);
  }

  /** Takes a row in. */
  admit(id: string, fact: ExperimentFact, claim?: Claim): void {
    const number = this.#ids.numberOf(id);
    const isAlive = this.#isAliveAt(number);
    if (claim === undefined && isAlive && this.#shelves.placeCompactly(fact, number)) return;
    this.#facts.set(number, fact);
    if (isAlive) this.#shelves.place(fact);
    if (claim === undefined) return;
    const numbered = { kind: claim.kind, against: this.#ids.numberOf(claim.against) };
    this.#claims.set(number, numbered);
    if (!this.#isUndone(number)) this.#enforce(numbered);
  }

  #findAt(number: number): ExperimentFact | undefined {
    return this.#facts.get(number) ?? this.#shelves.findCompact(number);
  }

  #isUndone(number: number): boolean {
    return this.#against.undoes.has(number);
  }

  #isAliveAt(number: number): boolean {
    return !this.#isUndone(number) && !this.#against.supersedes.has(number);
  }

  /** Walks a chain of undone claims; `visited` bounds it where damaged rows cite each other. */
  #enforce(first: NumberedClaim): void {
    const visited = new Set<number>();
    let change = 1;
    let claim: NumberedClaim | undefined = first;
    while (claim !== undefined && !visited.has(claim.against)) {
      const number: number = claim.against;
      visited.add(number);
      const wasUndone = this.#isUndone(number);
      this.#count(claim, change);
      // What a row says is void while it is undone, and not while it is only superseded.
      if (this.#isUndone(number) === wasUndone) return;
      change = -change;
      claim = this.#claims.get(number);
    }
  }

  /** Adds or removes a claim, and with it places or takes the row that it is against. */
  #count({ kind, against: number }: NumberedClaim, change: number): void {
    const counts = this.#against[kind];
    const wasAlive = this.#isAliveAt(number);
    const after = (counts.get(number) ?? 0) + change;
    if (after > 0) counts.set(number, after);
    else counts.delete(number);
    const fact = this.#findAt(number);
    if (fact === undefined || this.#isAliveAt(number) === wasAlive) return;
    if (wasAlive) this.#shelves.take(fact);
    else this.#shelves.place(fact);
  }
}

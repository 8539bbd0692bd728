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

/**
 * Which rows count. A row is dead while a living row supersedes it or undoes it; undoing the
 * correction brings the original back. The order in which rows of different files arrive makes no
 * difference. Rows are known by the numbers of their ids.
 */
export class RowLiveness {
  readonly #shelves: Shelves;
  readonly #ids: RowIds;
  readonly #facts = new Map<number, ExperimentFact>();
  /** Living rows that speak against a row. */
  readonly #opponents = new Map<number, number>();
  /** The row that a row speaks against. */
  readonly #targets = new Map<number, number>();

  constructor(ids: RowIds, shelves: Shelves) {
    this.#ids = ids;
    this.#shelves = shelves;
  }

  /** A row as it was read, dead or alive. */
  find(id: string): ExperimentFact | undefined {
    const number = this.#ids.find(id);
    return number === undefined ? undefined : this.#findAt(number);
  }

  /** Whether no living row speaks against a row. */
  isAlive(id: string): boolean {
    const number = this.#ids.find(id);
    return number === undefined || !this.#opponents.has(number);
  }

  /** Takes a row in. `target` is the id of the row that it supersedes or undoes. */
  admit(id: string, fact: ExperimentFact, target?: string): void {
    const number = this.#ids.numberOf(id);
    const isAlive = !this.#opponents.has(number);
    if (target === undefined && isAlive && this.#shelves.placeCompactly(fact, number)) return;
    this.#facts.set(number, fact);
    if (isAlive) this.#shelves.place(fact);
    if (target === undefined) return;
    const against = this.#ids.numberOf(target);
    this.#targets.set(number, against);
    if (isAlive) this.#oppose(against);
  }

  #findAt(number: number): ExperimentFact | undefined {
    return this.#facts.get(number) ?? this.#shelves.findCompact(number);
  }

  /** Walks a chain of corrections; `visited` bounds it where damaged rows cite each other. */
  #oppose(first: number): void {
    const visited = new Set<number>();
    let change = 1;
    let number: number | undefined = first;
    while (number !== undefined && !visited.has(number)) {
      visited.add(number);
      if (!this.#count(number, change)) return;
      const fact = this.#findAt(number);
      if (fact === undefined) return;
      if (change > 0) this.#shelves.take(fact);
      else this.#shelves.place(fact);
      change = -change;
      number = this.#targets.get(number);
    }
  }

  /** Adds or removes an opponent and says whether the row lives now and did not before, or the reverse. */
  #count(number: number, change: number): boolean {
    const before = this.#opponents.get(number) ?? 0;
    const after = before + change;
    if (after > 0) this.#opponents.set(number, after);
    else this.#opponents.delete(number);
    return before > 0 !== after > 0;
  }
}

import type { ExperimentFact } from "./experiment-fact.ts";

/** What to do when a row begins or ceases to count. */
interface Shelves {
  place(fact: ExperimentFact): void;
  take(fact: ExperimentFact): void;
}

/**
 * Which rows count. A row is dead while a living row supersedes it or undoes it; undoing the
 * correction brings the original back. The order in which rows of different files arrive makes no
 * difference.
 */
export class RowLiveness {
  readonly #shelves: Shelves;
  readonly #facts = new Map<string, ExperimentFact>();
  /** Living rows that speak against a row, by its id. */
  readonly #opponents = new Map<string, number>();
  /** The row that a row speaks against. */
  readonly #targets = new Map<string, string>();

  constructor(shelves: Shelves) {
    this.#shelves = shelves;
  }

  /** A row as it was read, dead or alive. */
  find(id: string): ExperimentFact | undefined {
    return this.#facts.get(id);
  }

  /** Whether no living row speaks against a row. */
  isAlive(id: string): boolean {
    return !this.#opponents.has(id);
  }

  /** Takes a row in. `target` is the id of the row that it supersedes or undoes. */
  admit(fact: ExperimentFact, target: string | undefined): void {
    this.#facts.set(fact.id, fact);
    if (target !== undefined) this.#targets.set(fact.id, target);
    if (this.#opponents.has(fact.id)) return;
    this.#shelves.place(fact);
    if (target !== undefined) this.#oppose(target);
  }

  /** Walks a chain of corrections; `visited` bounds it where damaged rows cite each other. */
  #oppose(first: string): void {
    const visited = new Set<string>();
    let change = 1;
    let id: string | undefined = first;
    while (id !== undefined && !visited.has(id)) {
      visited.add(id);
      if (!this.#count(id, change)) return;
      const fact = this.#facts.get(id);
      if (fact === undefined) return;
      if (change > 0) this.#shelves.take(fact);
      else this.#shelves.place(fact);
      change = -change;
      id = this.#targets.get(id);
    }
  }

  /** Adds or removes an opponent and says whether the row lives now and did not before, or the reverse. */
  #count(id: string, change: number): boolean {
    const before = this.#opponents.get(id) ?? 0;
    const after = before + change;
    if (after > 0) this.#opponents.set(id, after);
    else this.#opponents.delete(id);
    return before > 0 !== after > 0;
  }
}

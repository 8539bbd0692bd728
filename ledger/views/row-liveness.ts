/** What a row says against another one. */
export interface Claim {
  /** The other row's id. */
  readonly against: string;
  readonly kind: "supersedes" | "undoes";
}

/**
 * Decides which rows count. A row is dead while a row supersedes or undoes it. Undoing a correction
 * brings back what it corrected; correcting the correction does not. Rows of different files may
 * arrive in any order.
 */
export class RowLiveness<Fact> {
  /** Called when a row begins (1) or ceases (-1) to count. */
  readonly #change: (fact: Fact, sign: 1 | -1) => void;
  readonly #facts = new Map<string, Fact>();
  /** How many claims are in force against a row. */
  readonly #against = {
    supersedes: new Map<string, number>(),
    undoes: new Map<string, number>(),
  } as const;
  /** A row's claim; it is in force unless the row itself is undone. */
  readonly #claims = new Map<string, Claim>();

  constructor(change: (fact: Fact, sign: 1 | -1) => void) {
    this.#change = change;
  }

  /** A row as it was read, dead or alive. */
  find(id: string): Fact | undefined {
    return this.#facts.get(id);
  }

  /** Whether no claim is in force against a row. */
  isAlive(id: string): boolean {
    return !this.#isUndone(id) && !this.#against.supersedes.has(id);
  }

  admit(id: string, fact: Fact, claim?: Claim): void {
    this.#facts.set(id, fact);
    if (this.isAlive(id)) this.#change(fact, 1);
    if (claim === undefined) return;
    this.#claims.set(id, claim);
    if (!this.#isUndone(id)) this.#enforce(claim);
  }

  #isUndone(id: string): boolean {
    return this.#against.undoes.has(id);
  }

  /** Walks a chain of undone claims. `visited` bounds the walk if damaged rows cite each other. */
  #enforce(first: Claim): void {
    const visited = new Set<string>();
    let change: 1 | -1 = 1;
    let claim: Claim | undefined = first;
    while (claim !== undefined && !visited.has(claim.against)) {
      const id: string = claim.against;
      visited.add(id);
      const wasUndone = this.#isUndone(id);
      this.#count(claim, change);
      // Undoing a row voids its own claim; superseding it does not.
      if (this.#isUndone(id) === wasUndone) return;
      change = change === 1 ? -1 : 1;
      claim = this.#claims.get(id);
    }
  }

  /** Adds or removes a claim. */
  #count({ kind, against: id }: Claim, change: 1 | -1): void {
    const counts = this.#against[kind];
    const wasAlive = this.isAlive(id);
    const after = (counts.get(id) ?? 0) + change;
    if (after > 0) counts.set(id, after);
    else counts.delete(id);
    const fact = this.#facts.get(id);
    if (fact === undefined || this.isAlive(id) === wasAlive) return;
    this.#change(fact, wasAlive ? -1 : 1);
  }
}

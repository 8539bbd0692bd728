/** What a row says against another one. */
export interface Claim {
  /** The other row's id. */
  readonly against: string;
  readonly kind: "supersedes" | "undoes";
}

/** All that is known of rows, as plain data. */
export interface LivenessState<Fact> {
  readonly facts: ReadonlyMap<string, Fact>;
  /** More facts, which are costly to make. */
  readonly late?: () => Iterable<[string, Fact]>;
  /** How many claims are in force against a row. */
  readonly against: Readonly<Record<Claim["kind"], Map<string, number>>>;
  /** A row's claim; it is in force unless the row itself is undone. */
  readonly claims: Map<string, Claim>;
}

/**
 * Decides which rows count. A row is dead while a row supersedes or undoes it. Undoing a correction
 * brings back what it corrected; correcting the correction does not. Rows of different files may
 * arrive in any order.
 */
export class RowLiveness<Fact> {
  /** Called when a row begins (1) or ceases (-1) to count. */
  readonly #change: (fact: Fact, sign: 1 | -1) => void;
  readonly #ownFacts: Map<string, Fact>;
  /** Facts that are looked up only if somebody asks. */
  #late: (() => Iterable<[string, Fact]>) | undefined;
  readonly #against: LivenessState<Fact>["against"];
  readonly #claims: Map<string, Claim>;

  constructor(change: (fact: Fact, sign: 1 | -1) => void, state: LivenessState<Fact>) {
    this.#change = change;
    this.#ownFacts = new Map(state.facts);
    this.#late = state.late;
    this.#against = state.against;
    this.#claims = state.claims;
  }

  get state(): LivenessState<Fact> {
    return { facts: this.#facts, against: this.#against, claims: this.#claims };
  }

  get #facts(): Map<string, Fact> {
    for (const [id, fact] of this.#late?.() ?? []) this.#ownFacts.set(id, fact);
    this.#late = undefined;
    return this.#ownFacts;
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

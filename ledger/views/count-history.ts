import { canonicalSha256 } from "../domain/canonical-sha256.ts";
import { type Usage, USAGE_COUNTERS } from "../domain/usage.ts";

/** A reading of a cumulative count. */
export interface KnownTotal {
  readonly total: Usage;
  readonly cost_usd?: number;
}

/** What a count has grown by. */
export interface CountedGrowth {
  readonly usage: Usage;
  readonly cost_usd?: number | undefined;
}

/** How a count behaves. */
export interface CountKind {
  /** It began at zero, so that a first reading counts. */
  readonly beganAtZero: boolean;
  /** A smaller reading is an older one, and no new beginning. */
  readonly onlyGrows: boolean;
}

/** What a reading adds to the known ones. `fell`: the count fell, and counting starts again from it. */
export type CountReading =
  | { readonly kind: "nothing" | "baseline" | "fell" }
  | { readonly kind: "growth"; readonly id: string; readonly growth: CountedGrowth };

/** Tokens by class, and dollars. */
type Figures = ReadonlyMap<string, number>;

const COST = "cost_usd";
const ID_CHARS = 32;
const NEGLIGIBLE = 1e-9;

/**
 * The readings of one cumulative count, and the growth that rows count of it. Whatever was undone and read again, and in
 * whichever order: the rows never count more than the largest reading has beyond the first one, and reading all again
 * counts all of it.
 */
export class CountHistory {
  readonly #key: string;
  /** By the id of the event that a reading would give. */
  #totals = new Map<string, Figures>();
  #growths = new Map<string, Figures>();
  #undoneTotals = new Map<string, Figures>();
  #undoneGrowths = new Map<string, Figures>();
  /** Readings before the count fell. */
  #earlier = new Set<string>();

  constructor(key: string) {
    this.#key = key;
  }

  copy(): CountHistory {
    const copy = new CountHistory(this.#key);
    copy.#totals = new Map(this.#totals);
    copy.#growths = new Map(this.#growths);
    copy.#undoneTotals = new Map(this.#undoneTotals);
    copy.#undoneGrowths = new Map(this.#undoneGrowths);
    copy.#earlier = new Set(this.#earlier);
    return copy;
  }

  /** Folds what a row says about the count. */
  addTotal(reading: KnownTotal, isUndone = false): void {
    const totals = isUndone ? this.#undoneTotals : this.#totals;
    totals.set(growthId(this.#key, reading), figuresOf(reading.total, reading.cost_usd));
  }

  addGrowth(id: string, { usage, cost_usd }: CountedGrowth, isUndone = false): void {
    const growths = isUndone ? this.#undoneGrowths : this.#growths;
    growths.set(id, figuresOf(usage, cost_usd));
  }

  /** Forgets the growth before a new beginning. */
  restart(): void {
    this.#earlier = new Set([...this.#earlier, ...this.#totals.keys()]);
    this.#totals = new Map();
    this.#growths = new Map();
    this.#undoneTotals = new Map();
    this.#undoneGrowths = new Map();
  }

  wasRead(reading: KnownTotal): boolean {
    const id = growthId(this.#key, reading);
    return this.#totals.has(id) || this.#earlier.has(id);
  }

  /** Whether a first reading was undone: the next one is the first. */
  get hadBaseline(): boolean {
    return [...this.#undoneTotals.keys()].some((id) => !this.#undoneGrowths.has(id));
  }

  /** Whether a reading is smaller than a known one. */
  isBelow({ total, cost_usd }: KnownTotal): boolean {
    return [...figuresOf(total, cost_usd)].some(([name, figure]) => figure < this.#largest(name));
  }

  /** Judges a reading, and folds it. */
  take(reading: KnownTotal, { beganAtZero, onlyGrows }: CountKind): CountReading {
    const id = growthId(this.#key, reading);
    if (this.#earlier.has(id)) return { kind: "nothing" };
    const isKnown = this.#totals.has(id) || this.#undoneTotals.has(id);
    if (!isKnown && !onlyGrows && this.isBelow(reading)) {
      this.restart();
      this.addTotal(reading);
      return { kind: "fell" };
    }
    const bases = beganAtZero ? [new Map<string, number>()] : this.#bases();
    if (bases.length === 0) {
      this.addTotal(reading);
      return { kind: "baseline" };
    }
    const figures = figuresOf(reading.total, reading.cost_usd);
    const grown = new Map(
      [...figures].map(([name, figure]) => [name, this.#growthOf(name, figure, bases)]),
    );
    if ([...grown.values()].every((figure) => figure === 0)) return { kind: "nothing" };
    const growth = growthFrom(reading, grown);
    const own = this.#freeId(id);
    this.addTotal(reading);
    this.addGrowth(own, growth);
    return { kind: "growth", id: own, growth };
  }

  /** The part of a figure that no row counts yet: neither below this reading, nor below the largest one. */
  #growthOf(name: string, figure: number, bases: readonly Figures[]): number {
    let [base, all, below] = [Infinity, 0, 0];
    for (const one of bases) base = Math.min(base, one.get(name) ?? 0);
    for (const [id, growth] of this.#growths) {
      const grown = growth.get(name) ?? 0;
      const to = this.#readingOf(id)?.get(name);
      all += grown;
      if (to === undefined || to <= figure) below += grown;
    }
    const largest = Math.max(figure, this.#largest(name));
    const open = Math.min(largest - base - all, figure - base - below);
    // Sums of dollars are rounded.
    return open < NEGLIGIBLE ? 0 : open;
  }

  #largest(name: string): number {
    let largest = 0;
    for (const total of this.#totals.values()) largest = Math.max(largest, total.get(name) ?? 0);
    return largest;
  }

  /** The readings that counting began at. Undoing a baseline lets the next reading be one. */
  #bases(): readonly Figures[] {
    const live = [...this.#totals].map(([id, total]) => {
      const growth = this.#growths.get(id) ?? this.#undoneGrowths.get(id);
      return growth === undefined ? total : difference(total, growth);
    });
    const undone = [...this.#undoneTotals].flatMap(([id, total]) => {
      const growth = this.#undoneGrowths.get(id);
      return growth === undefined ? [] : [difference(total, growth)];
    });
    return [...live, ...undone];
  }

  #readingOf(id: string): Figures | undefined {
    const plain = id.replace(/\.\d+$/u, "");
    return this.#totals.get(plain) ?? this.#undoneTotals.get(plain);
  }

  /** The event of a reading; if it counts what was undone since, a number follows its name. */
  #freeId(id: string): string {
    const isTaken = (one: string) => this.#growths.has(one) || this.#undoneGrowths.has(one);
    if (!this.#growths.has(id)) return id;
    let number = 2;
    while (isTaken(`${id}.${String(number)}`)) number += 1;
    return `${id}.${String(number)}`;
  }
}

/** The id of the event that a reading of a count gives. */
function growthId(key: string, { total, cost_usd }: KnownTotal): string {
  const content = cost_usd === undefined ? total : { total, cost_usd };
  return `${key}@${canonicalSha256(content).slice(0, ID_CHARS)}`;
}

/** The count that an event is the growth of; undefined for other events. */
export function countOfEvent(id: string): string | undefined {
  const at = id.lastIndexOf("@");
  return at === -1 ? undefined : id.slice(0, at);
}

function figuresOf(usage: Usage, cost: number | undefined): Figures {
  const counters = USAGE_COUNTERS.flatMap((counter) => {
    const tokens = usage[counter];
    return tokens === undefined ? [] : [[counter, tokens] as const];
  });
  return new Map([...counters, ...(cost === undefined ? [] : [[COST, cost] as const])]);
}

function difference(total: Figures, growth: Figures): Figures {
  return new Map([...total].map(([name, figure]) => [name, figure - (growth.get(name) ?? 0)]));
}

function growthFrom({ total }: KnownTotal, grown: Figures): CountedGrowth {
  const usage: { -readonly [Key in keyof Usage]: Usage[Key] } = { requests: total.requests };
  for (const counter of USAGE_COUNTERS) {
    const tokens = grown.get(counter);
    if (tokens !== undefined) usage[counter] = tokens;
  }
  const cost = grown.get(COST);
  return cost === undefined ? { usage } : { usage, cost_usd: cost };
}

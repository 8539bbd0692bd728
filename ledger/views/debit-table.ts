import { TokenBasis } from "../domain/token-basis.ts";
import type { DebitFact } from "./experiment-fact.ts";
import { Names } from "./names.ts";
import { isShort, Table } from "./table.ts";

const BASES = TokenBasis.options;
const COLUMN = { delta: 0, overshoot: 1, command: 2, basis: 3 };

/** What debits took, a row of numbers each. */
export class DebitTable {
  readonly #numbers = new Table(4, Uint32Array);
  readonly #commands = new Names();

  /** Whether every count of a debit is below 2^32 - 1. */
  fits({ delta, overshoot }: DebitFact): boolean {
    return isShort(delta) && isShort(overshoot);
  }

  add(fact: DebitFact): number {
    const row = this.#numbers.add();
    this.#numbers.set(row, COLUMN.delta, fact.delta);
    this.#numbers.set(row, COLUMN.overshoot, fact.overshoot);
    this.#numbers.set(row, COLUMN.command, this.#commands.numberOf(fact.command));
    this.#numbers.set(row, COLUMN.basis, BASES.indexOf(fact.basis));
    return row;
  }

  deltaOf(row: number): number {
    return this.#numbers.get(row, COLUMN.delta);
  }

  overshootOf(row: number): number {
    return this.#numbers.get(row, COLUMN.overshoot);
  }

  commandOf(row: number): string {
    return this.#commands.textOf(this.#numbers.get(row, COLUMN.command));
  }

  basisOf(row: number): DebitFact["basis"] {
    return BASES[this.#numbers.get(row, COLUMN.basis)] ?? "uncached";
  }
}

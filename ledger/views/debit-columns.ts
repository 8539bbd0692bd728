import { TokenBasis } from "../domain/token-basis.ts";
import { Column } from "./column.ts";
import type { DebitFact } from "./experiment-fact.ts";
import { Names } from "./names.ts";

const BASES = TokenBasis.options;

/** What debits took, by the numbers of their rows. */
export class DebitColumns {
  readonly #delta = new Column();
  readonly #overshoot = new Column();
  readonly #command = new Column();
  readonly #basis = new Column();
  readonly #commands = new Names();

  add(row: number, fact: DebitFact): void {
    this.#delta.set(row, fact.delta);
    this.#overshoot.set(row, fact.overshoot);
    this.#command.set(row, this.#commands.numberOf(fact.command));
    this.#basis.set(row, BASES.indexOf(fact.basis));
  }

  deltaOf(row: number): number {
    return this.#delta.get(row);
  }

  overshootOf(row: number): number {
    return this.#overshoot.get(row);
  }

  commandOf(row: number): string {
    return this.#commands.textOf(this.#command.get(row));
  }

  basisOf(row: number): DebitFact["basis"] {
    return BASES[this.#basis.get(row)] ?? "uncached";
  }
}

import type { Usage } from "../domain/usage.ts";
import { Column } from "./column.ts";
import { REQUEST_FATES, type RequestFact, type RequestFate } from "./experiment-fact.ts";
import { Names } from "./names.ts";
import { USAGE_COUNTERS } from "./usage-counters.ts";

const IS_MODEL = 4;
const IS_SUBAGENT = 8;

/**
 * What requests measured, by the numbers of their rows; texts, of which there are few, are numbered. A
 * count that may be absent is kept as one more than it is, and as 0 where it is absent.
 */
export class RequestColumns {
  readonly #fate = new Column();
  readonly #backend = new Column();
  readonly #model = new Column();
  readonly #status = new Column();
  readonly #latency = new Column();
  readonly #cost = new Column();
  readonly #requests = new Column();
  readonly #counters = USAGE_COUNTERS.map((counter) => ({ counter, column: new Column() }));
  readonly #texts = new Names();

  add(row: number, fact: RequestFact): void {
    const tags = (fact.is_model ? IS_MODEL : 0) + (fact.is_subagent ? IS_SUBAGENT : 0);
    this.#fate.set(row, REQUEST_FATES.indexOf(fact.fate) + tags);
    this.#backend.set(row, this.#numberOf(fact.backend));
    this.#model.set(row, this.#numberOf(fact.model));
    setCount(this.#status, row, fact.status);
    this.#latency.set(row, fact.latency_ms ?? Number.NaN);
    this.#cost.set(row, fact.cost_usd ?? Number.NaN);
    setCount(this.#requests, row, fact.usage?.requests);
    for (const { counter, column } of this.#counters) setCount(column, row, fact.usage?.[counter]);
  }

  fateOf(row: number): RequestFate {
    return REQUEST_FATES[this.#fate.get(row) % IS_MODEL] ?? "answered";
  }

  isModel(row: number): boolean {
    return (this.#fate.get(row) & IS_MODEL) !== 0;
  }

  isSubagent(row: number): boolean {
    return (this.#fate.get(row) & IS_SUBAGENT) !== 0;
  }

  backendOf(row: number): string | null {
    return this.#textOf(this.#backend.get(row));
  }

  modelOf(row: number): string | null {
    return this.#textOf(this.#model.get(row));
  }

  statusOf(row: number): number | null {
    return countAt(this.#status, row) ?? null;
  }

  latencyOf(row: number): number | null {
    return orNull(this.#latency.get(row));
  }

  costOf(row: number): number | null {
    return orNull(this.#cost.get(row));
  }

  usageOf(row: number): Usage | null {
    const requests = countAt(this.#requests, row);
    if (requests === undefined) return null;
    const usage: { -readonly [Key in keyof Usage]: Usage[Key] } = { requests };
    for (const { counter, column } of this.#counters) {
      const tokens = countAt(column, row);
      if (tokens !== undefined) usage[counter] = tokens;
    }
    return usage;
  }

  #numberOf(text: string | null): number {
    return text === null ? 0 : this.#texts.numberOf(text) + 1;
  }

  #textOf(number: number): string | null {
    return number === 0 ? null : this.#texts.textOf(number - 1);
  }
}

function setCount(column: Column, row: number, count: number | null | undefined): void {
  column.set(row, (count ?? -1) + 1);
}

function countAt(column: Column, row: number): number | undefined {
  const count = column.get(row) - 1;
  return count < 0 ? undefined : count;
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

import type { Usage } from "../domain/usage.ts";
import type { RequestFact, RequestFate } from "./experiment-fact.ts";
import { Names } from "./names.ts";
import { ABSENT, isShort, Table } from "./table.ts";
import { USAGE_COUNTERS } from "./usage-counters.ts";

const FATES: readonly RequestFate[] = ["answered", "failed", "refused", "abandoned"];
const IS_MODEL = 4;
const IS_SUBAGENT = 8;
const COLUMN = { fate: 0, backend: 1, model: 2, status: 3, requests: 4, counters: 5 };
const EXACT = { latency_ms: 0, cost_usd: 1 };

/** What requests measured, a row of numbers each; texts, of which there are few, are numbered. */
export class RequestTable {
  readonly #numbers = new Table(COLUMN.counters + USAGE_COUNTERS.length, Uint32Array);
  readonly #exact = new Table(2, Float64Array);
  readonly #texts = new Names();

  /** Whether every count of a request is below 2^32 - 1. */
  fits({ usage, status }: RequestFact): boolean {
    if (status !== null && !isShort(status)) return false;
    if (usage === null) return true;
    return isShort(usage.requests) && USAGE_COUNTERS.every((one) => isShort(usage[one] ?? 0));
  }

  add(fact: RequestFact): number {
    const row = this.#numbers.add();
    this.#exact.add();
    this.#exact.set(row, EXACT.latency_ms, fact.latency_ms ?? Number.NaN);
    this.#exact.set(row, EXACT.cost_usd, fact.cost_usd ?? Number.NaN);
    const tags = (fact.is_model ? IS_MODEL : 0) + (fact.is_subagent ? IS_SUBAGENT : 0);
    this.#numbers.set(row, COLUMN.fate, FATES.indexOf(fact.fate) + tags);
    this.#numbers.set(row, COLUMN.backend, this.#numberOf(fact.backend));
    this.#numbers.set(row, COLUMN.model, this.#numberOf(fact.model));
    this.#numbers.set(row, COLUMN.status, fact.status ?? ABSENT);
    this.#numbers.set(row, COLUMN.requests, fact.usage?.requests ?? ABSENT);
    for (let index = 0; index < USAGE_COUNTERS.length; index += 1) {
      const tokens = fact.usage?.[USAGE_COUNTERS[index] ?? "output"];
      this.#numbers.set(row, COLUMN.counters + index, tokens ?? ABSENT);
    }
    return row;
  }

  fateOf(row: number): RequestFate {
    return FATES[this.#numbers.get(row, COLUMN.fate) % IS_MODEL] ?? "answered";
  }

  isModel(row: number): boolean {
    return (this.#numbers.get(row, COLUMN.fate) & IS_MODEL) !== 0;
  }

  isSubagent(row: number): boolean {
    return (this.#numbers.get(row, COLUMN.fate) & IS_SUBAGENT) !== 0;
  }

  backendOf(row: number): string | null {
    return this.#textOf(this.#numbers.get(row, COLUMN.backend));
  }

  modelOf(row: number): string | null {
    return this.#textOf(this.#numbers.get(row, COLUMN.model));
  }

  statusOf(row: number): number | null {
    const status = this.#numbers.get(row, COLUMN.status);
    return status === ABSENT ? null : status;
  }

  latencyOf(row: number): number | null {
    return orNull(this.#exact.get(row, EXACT.latency_ms));
  }

  costOf(row: number): number | null {
    return orNull(this.#exact.get(row, EXACT.cost_usd));
  }

  usageOf(row: number): Usage | null {
    const requests = this.#numbers.get(row, COLUMN.requests);
    if (requests === ABSENT) return null;
    const usage: { -readonly [Key in keyof Usage]: Usage[Key] } = { requests };
    for (const [index, counter] of USAGE_COUNTERS.entries()) {
      const tokens = this.#numbers.get(row, COLUMN.counters + index);
      if (tokens !== ABSENT) usage[counter] = tokens;
    }
    return usage;
  }

  #numberOf(text: string | null): number {
    return text === null ? ABSENT : this.#texts.numberOf(text);
  }

  #textOf(number: number): string | null {
    return number === ABSENT ? null : this.#texts.textOf(number);
  }
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

import { type Usage, USAGE_COUNTERS } from "../domain/usage.ts";
import type { DebitFact, RequestFact, TrafficFact } from "./experiment-fact.ts";
import { type PackedRow, PackedRows } from "./packed-rows.ts";

type CommonRequest = Omit<RequestFact, "id" | "latency_ms" | "cost_usd" | "usage">;
type CommonDebit = Omit<DebitFact, "id" | "delta" | "overshoot">;
/** Latency, dollars, requests and each counter of the usage. */
const REQUEST_WIDTH = 3 + USAGE_COUNTERS.length;
/** Delta and overshoot. */
const DEBIT_WIDTH = 2;

/**
 * Requests and debits, the mass of a ledger. Each has a number: even for a request, odd for a
 * debit.
 */
export class PackedTraffic {
  readonly #requests = new PackedRows<CommonRequest>(REQUEST_WIDTH);
  readonly #debits = new PackedRows<CommonDebit>(DEBIT_WIDTH);

  /** The fact that was added last: a fold asks for it at once. */
  #last: { readonly number: number; readonly fact: TrafficFact } | undefined;

  add(fact: TrafficFact): number {
    const number = fact.kind === "debit" ? this.#addDebit(fact) : this.#addRequest(fact);
    this.#last = { number, fact };
    return number;
  }

  at(number: number): TrafficFact {
    if (this.#last?.number === number) return this.#last.fact;
    const row = Math.floor(number / 2);
    return number % 2 === 0 ? requestOf(this.#requests.at(row)) : debitOf(this.#debits.at(row));
  }

  #addRequest(fact: RequestFact): number {
    const { id, latency_ms, cost_usd, usage } = fact;
    const { kind, window, attempt, provider, fate, is_model, is_subagent, backend } = fact;
    const common = { kind, window, attempt, provider, fate, is_model, is_subagent, backend };
    const numbers = [latency_ms ?? Number.NaN, cost_usd ?? Number.NaN];
    numbers.push(usage?.requests ?? Number.NaN);
    for (const counter of USAGE_COUNTERS) numbers.push(usage?.[counter] ?? Number.NaN);
    return 2 * this.#requests.add(id, common, numbers);
  }

  #addDebit(fact: DebitFact): number {
    const { id, delta, overshoot } = fact;
    const { kind, window, attempt, provider, basis, command } = fact;
    const common = { kind, window, attempt, provider, basis, command };
    return 2 * this.#debits.add(id, common, [delta, overshoot]) + 1;
  }
}

function requestOf({ id, common, numbers }: PackedRow<CommonRequest>): RequestFact {
  const [latency = Number.NaN, cost = Number.NaN, requests = Number.NaN] = numbers;
  const usage: { -readonly [Key in keyof Usage]: Usage[Key] } = { requests };
  for (let index = 0; index < USAGE_COUNTERS.length; index += 1) {
    const counter = USAGE_COUNTERS[index];
    const tokens = numbers[REQUEST_WIDTH - USAGE_COUNTERS.length + index] ?? Number.NaN;
    if (counter !== undefined && !Number.isNaN(tokens)) usage[counter] = tokens;
  }
  return {
    ...common,
    id,
    latency_ms: orNull(latency),
    cost_usd: orNull(cost),
    usage: Number.isNaN(requests) ? null : usage,
  };
}

function debitOf({ id, common, numbers }: PackedRow<CommonDebit>): DebitFact {
  const [delta = 0, overshoot = 0] = numbers;
  return { ...common, id, delta, overshoot };
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

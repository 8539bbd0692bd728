import { type Usage, USAGE_COUNTERS } from "../domain/usage.ts";
import type { DebitFact, RequestFact, TrafficFact } from "./experiment-fact.ts";
import { IdList, type IdListState } from "./id-list.ts";

type CommonRequest = Omit<
  RequestFact,
  "id" | "at_ms" | "status" | "latency_ms" | "cost_usd" | "usage"
>;
type CommonDebit = Omit<DebitFact, "id" | "delta" | "overshoot">;
/** Time, status, latency, dollars, requests and each counter of the usage. */
const REQUEST_WIDTH = 5 + USAGE_COUNTERS.length;
/** Delta and overshoot. */
const DEBIT_WIDTH = 2;

/**
 * Requests and debits, the mass of a ledger. Each has a number: even for a request, odd for a
 * debit.
 */
export class PackedTraffic {
  readonly #requests: PackedRows<CommonRequest>;
  readonly #debits: PackedRows<CommonDebit>;

  /** The fact that was added last: a fold asks for it at once. */
  #last: { readonly number: number; readonly fact: TrafficFact } | undefined;

  constructor(state?: TrafficState) {
    this.#requests = new PackedRows(REQUEST_WIDTH, state?.requests);
    this.#debits = new PackedRows(DEBIT_WIDTH, state?.debits);
  }

  get state(): TrafficState {
    return { requests: this.#requests.state, debits: this.#debits.state };
  }

  add(fact: TrafficFact): number {
    const number = fact.kind === "debit" ? this.#addDebit(fact) : this.#addRequest(fact);
    this.#last = { number, fact };
    return number;
  }

  at(number: number): TrafficFact {
    if (this.#last?.number === number) return this.#last.fact;
    return isRequest(number) ? this.requestAt(number) : this.debitAt(number);
  }

  /** Expects the number of a request. */
  requestAt(number: number): RequestFact {
    return requestOf(this.#requests.at(number / 2));
  }

  /** Expects the number of a debit. */
  debitAt(number: number): DebitFact {
    return debitOf(this.#debits.at((number - 1) / 2));
  }

  #addRequest(fact: RequestFact): number {
    const { id, at_ms, status, latency_ms, cost_usd, usage } = fact;
    const { kind, window, attempt, provider, window_agent, fate, backend } = fact;
    const { is_model, is_unmetered, is_subagent, count } = fact;
    // Few rows count more than one request.
    const kinds = { is_model, is_unmetered, is_subagent, count };
    const common = { kind, window, attempt, provider, window_agent, fate, backend, ...kinds };
    const numbers = [at_ms];
    for (const known of [status, latency_ms, cost_usd, usage?.requests]) {
      numbers.push(known ?? Number.NaN);
    }
    for (const counter of USAGE_COUNTERS) numbers.push(usage?.[counter] ?? Number.NaN);
    return 2 * this.#requests.add(id, common, numbers);
  }

  #addDebit(fact: DebitFact): number {
    const { id, delta, overshoot } = fact;
    const { kind, window, attempt, provider, window_agent, basis, command } = fact;
    const common = { kind, window, attempt, provider, window_agent, basis, command };
    return 2 * this.#debits.add(id, common, [delta, overshoot]) + 1;
  }
}

/** Ids of requests and debits with their numbers. */
export function* numberedIds({ requests, debits }: TrafficState): Generator<[string, number]> {
  let [request, debit] = [0, 0];
  for (const id of new IdList(requests.ids)) yield [id, 2 * request++];
  for (const id of new IdList(debits.ids)) yield [id, 2 * debit++ + 1];
}

/** Whether a number is a request's. All others are those of debits. */
export function isRequest(number: number): boolean {
  return number % 2 === 0;
}

function requestOf({ id, common, numbers, from }: PackedRow<CommonRequest>): RequestFact {
  const numberAt = (index: number) => numbers[from + index] ?? Number.NaN;
  const requests = numberAt(4);
  const usage: { -readonly [Key in keyof Usage]: Usage[Key] } = { requests };
  for (let index = 0; index < USAGE_COUNTERS.length; index += 1) {
    const counter = USAGE_COUNTERS[index];
    const tokens = numberAt(REQUEST_WIDTH - USAGE_COUNTERS.length + index);
    if (counter !== undefined && !Number.isNaN(tokens)) usage[counter] = tokens;
  }
  return {
    ...common,
    id,
    at_ms: numberAt(0),
    status: orNull(numberAt(1)),
    latency_ms: orNull(numberAt(2)),
    cost_usd: orNull(numberAt(3)),
    usage: Number.isNaN(requests) ? null : usage,
  };
}

function debitOf({ id, common, numbers, from }: PackedRow<CommonDebit>): DebitFact {
  return { ...common, id, delta: numbers[from] ?? 0, overshoot: numbers[from + 1] ?? 0 };
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

const ROWS_A_CHUNK = 4_096;

interface PackedState<Common> {
  /** Those of all rows, up to the end of the last chunk. */
  readonly numbers: Float64Array<ArrayBuffer>;
  readonly ids: IdListState;
  readonly commons: readonly Common[];
}

const NO_ROWS = { numbers: new Float64Array(0), ids: "", commons: [] };

/** All that packed traffic holds, as plain data. */
export interface TrafficState {
  readonly requests: PackedState<CommonRequest>;
  readonly debits: PackedState<CommonDebit>;
}

/** A row's id, what it has in common with other rows, and its own numbers. */
interface PackedRow<Common> {
  readonly id: string;
  readonly common: Common;
  /** The row's numbers begin at `from`. A view of its own for each row would cost more than the rest. */
  readonly numbers: Float64Array;
  readonly from: number;
}

/**
 * Keeps many rows in little memory: numbers in typed arrays, which the garbage collector need not walk,
 * and one object for all rows that are alike in everything else.
 */
class PackedRows<Common extends object> {
  readonly #width: number;
  readonly #chunks: Float64Array[] = [];
  readonly #ids: IdList;
  readonly #commons: Common[];
  readonly #commonNumbers: Map<string, number>;
  #last = 0;

  /** @param width - How many numbers each row has. */
  constructor(width: number, state: PackedState<Common> = NO_ROWS) {
    this.#width = width + 1;
    const size = ROWS_A_CHUNK * this.#width;
    for (let from = 0; from < state.numbers.length; from += size) {
      this.#chunks.push(state.numbers.subarray(from, from + size));
    }
    this.#commons = [...state.commons];
    this.#ids = new IdList(state.ids);
    this.#commonNumbers = new Map(state.commons.map((one, index) => [JSON.stringify(one), index]));
  }

  get state(): PackedState<Common> {
    const numbers = new Float64Array(this.#chunks.length * ROWS_A_CHUNK * this.#width);
    for (const [place, chunk] of this.#chunks.entries()) numbers.set(chunk, place * chunk.length);
    return { numbers, ids: this.#ids.state, commons: this.#commons };
  }

  /** Returns the number of the row, from 0. */
  add(id: string, common: Common, numbers: readonly number[]): number {
    const row = this.#ids.add(id);
    const chunk = (this.#chunks[Math.floor(row / ROWS_A_CHUNK)] ??= new Float64Array(
      ROWS_A_CHUNK * this.#width,
    ));
    const from = (row % ROWS_A_CHUNK) * this.#width;
    chunk[from] = this.#numberOf(common);
    chunk.set(numbers, from + 1);
    return row;
  }

  at(row: number): PackedRow<Common> {
    const from = (row % ROWS_A_CHUNK) * this.#width;
    const numbers = this.#chunks[Math.floor(row / ROWS_A_CHUNK)];
    const common = this.#commons[numbers?.[from] ?? Number.NaN];
    const id = this.#ids.at(row);
    if (id === undefined || common === undefined || numbers === undefined) {
      throw new RangeError(`Expected a row that was added, got ${String(row)}.`);
    }
    return { id, common, numbers, from: from + 1 };
  }

  #numberOf(common: Common): number {
    // Neighbours are mostly alike.
    if (isAlike(common, this.#commons[this.#last])) return this.#last;
    this.#last = this.#findOrAdd(common);
    return this.#last;
  }

  #findOrAdd(common: Common): number {
    const text = JSON.stringify(common);
    const known = this.#commonNumbers.get(text);
    if (known !== undefined) return known;
    // V8 would keep a whole line alive for a text that was cut out of it, so the copy is parsed
    // again.
    const copy: Common = JSON.parse(text);
    this.#commonNumbers.set(text, this.#commons.length);
    return this.#commons.push(copy) - 1;
  }
}

function isAlike<Common extends object>(one: Common, other: Common | undefined): boolean {
  if (other === undefined) return false;
  for (const key in one) if (one[key] !== other[key]) return false;
  return true;
}

import { TokenBasis } from "../domain/token-basis.ts";
import type { Usage } from "../domain/usage.ts";
import type { EncodeLine, LineReader, LineWriter } from "../store/ahead/line-code.ts";
import {
  type AttemptKey,
  type DebitFact,
  REQUEST_FATES,
  type RequestFact,
} from "./experiment-fact.ts";
import {
  idPlaceIn,
  readTrafficLine,
  reservationPlaceIn,
  type TrafficLine,
} from "./traffic-line.ts";
import { USAGE_COUNTERS } from "./usage-counters.ts";

/** This module, for the thread that reads lines ahead. */
export const TRAFFIC_CODE = import.meta.url;

const KINDS = ["reserved", "request", "debit"] as const satisfies readonly TrafficLine["kind"][];
const IS_MODEL = 1;
const IS_SUBAGENT = 2;

/** Takes down what `readTrafficLine` reads: `decodeLine` gives the same. Ids are left in the line. */
export const encodeLine: EncodeLine = (line, out) => {
  const read = readTrafficLine(line);
  if (read === undefined) return false;
  out.number(KINDS.indexOf(read.kind));
  out.name(read.experiment);
  for (const place of idPlaceIn(line)) out.number(place);
  if (read.kind !== "request") {
    for (const place of reservationPlaceIn(line)) out.number(place);
  }
  if (read.kind === "reserved") {
    out.number(read.tokens);
    return true;
  }
  writeAttempt(out, read.fact);
  if (read.kind === "request") writeRequest(out, read.fact);
  else writeDebit(out, read.fact, read.settlement.is_final);
  return true;
};

export function decodeLine(line: LineReader): TrafficLine {
  const kind = KINDS[line.number()];
  const experiment = nameIn(line);
  const id = textIn(line);
  if (kind === "request") return { experiment, kind, fact: readRequest(line, id) };
  const reservation = textIn(line);
  if (kind === "reserved") return { experiment, kind, id, reservation, tokens: line.number() };
  const fact = readDebit(line, id);
  const settlement = { reservation, delta: fact.delta, is_final: line.number() === 1 };
  return { experiment, kind: "debit", fact, settlement };
}

function writeAttempt(out: LineWriter, { window, attempt, provider }: AttemptKey): void {
  out.name(window);
  out.number(attempt);
  out.name(provider);
}

function writeDebit(out: LineWriter, fact: DebitFact, isFinal: boolean): void {
  out.number(TokenBasis.options.indexOf(fact.basis));
  out.name(fact.command);
  out.number(fact.delta);
  out.number(fact.overshoot);
  out.number(isFinal ? 1 : 0);
}

function readDebit(line: LineReader, id: string): DebitFact {
  return {
    kind: "debit",
    id,
    window: nameIn(line),
    attempt: line.number(),
    provider: nameIn(line),
    basis: TokenBasis.options[line.number()] ?? "uncached",
    command: nameIn(line),
    delta: line.number(),
    overshoot: line.number(),
  };
}

function writeRequest(out: LineWriter, fact: RequestFact): void {
  out.number(REQUEST_FATES.indexOf(fact.fate));
  out.number((fact.is_model ? IS_MODEL : 0) | (fact.is_subagent ? IS_SUBAGENT : 0));
  out.name(fact.backend);
  out.number(fact.latency_ms ?? Number.NaN);
  writeUsage(out, fact.usage);
  out.name(fact.model);
  out.number(fact.status ?? Number.NaN);
  out.number(fact.cost_usd ?? Number.NaN);
}

function readRequest(line: LineReader, id: string): RequestFact {
  const place = { window: nameIn(line), attempt: line.number(), provider: nameIn(line) };
  const fate = REQUEST_FATES[line.number()] ?? "answered";
  const tags = line.number();
  return {
    kind: "request",
    id,
    ...place,
    fate,
    is_model: (tags & IS_MODEL) !== 0,
    is_subagent: (tags & IS_SUBAGENT) !== 0,
    backend: line.name(),
    latency_ms: numberOrNull(line),
    usage: readUsage(line),
    model: line.name(),
    status: numberOrNull(line),
    cost_usd: numberOrNull(line),
  };
}

function writeUsage(out: LineWriter, usage: Usage | null): void {
  out.number(usage?.requests ?? Number.NaN);
  if (usage === null) return;
  for (const counter of USAGE_COUNTERS) out.number(usage[counter] ?? Number.NaN);
}

function readUsage(line: LineReader): Usage | null {
  const requests = numberOrNull(line);
  if (requests === null) return null;
  const usage: { -readonly [Key in keyof Usage]: Usage[Key] } = { requests };
  for (const counter of USAGE_COUNTERS) {
    const tokens = numberOrNull(line);
    if (tokens !== null) usage[counter] = tokens;
  }
  return usage;
}

function nameIn(line: LineReader): string {
  return line.name() ?? "";
}

function textIn(line: LineReader): string {
  const from = line.number();
  return line.text(from, line.number());
}

function numberOrNull(line: LineReader): number | null {
  const value = line.number();
  return Number.isNaN(value) ? null : value;
}

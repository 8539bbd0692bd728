import { Agent } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import seedrandom from "seedrandom";

import { ProxiedRequest } from "../../../../ledger/domain/proxied-request.ts";
import type { Admission } from "../admission.ts";
import { startFakeUpstream } from "./fake-upstream.ts";
import { startProxyWithLedger } from "./proxy-with-ledger.ts";
import { send } from "./send.ts";

/** The result of many clients at one cap. */
export interface OvershootFigures {
  readonly cap: number;
  /** Tokens of the ledger's rows. */
  readonly spent: number;
  /** Spent above the cap, and what the requests in flight took when the cap was reached. */
  readonly overshoot: number;
  readonly inFlightTokens: number;
  readonly inFlightRequests: number;
  readonly admitted: number;
  /** Requests that the budget refused, and clients that ended with such an answer. */
  readonly refused: number;
  readonly stopped: number;
}

interface OvershootRun {
  readonly clients: number;
  /** About how long until the cap is reached, ms. */
  readonly durationMs: number;
  readonly seed: string;
  readonly folder: string;
}

const INPUT = 40;
const MEAN_OUTPUT = 160;
const ANSWER_MS = 40;
const OK = 200;
const REFUSED = 402;
/** A client stops trying then, whatever happens. */
const REQUESTS_MAX = 100_000;

/** Lets clients ask until each is refused, as fast as they can, and compares the spending with the cap. */
export async function runOvershoot(run: OvershootRun): Promise<OvershootFigures> {
  const draw = seedrandom(run.seed);
  const upstream = await startFakeUpstream(async (response) => {
    const output = drawOutput(draw);
    await sleep(ANSWER_MS * (0.5 + draw()));
    response.writeHead(200, { "content-type": "application/json" });
    const usage = { input_tokens: INPUT, output_tokens: output };
    response.end(JSON.stringify({ type: "message", model: "model", usage }));
  });
  const cap = capOf(run);
  const crossing = new Crossing(cap);
  const limit = { scope: "overall", name: "overall", unit: "tokens", limit: cap } as const;
  const under = await startProxyWithLedger({
    folder: run.folder,
    origin: upstream.origin,
    limits: { mode: "block", basis: "all", limits: [limit], periodMs: null },
    watch: (admission) => crossing.watch(admission),
  });
  const agent = new Agent({ keepAlive: true, maxSockets: run.clients });
  try {
    const url = `${under.address.url}/v1/messages`;
    const ends = await Promise.all(
      Array.from({ length: run.clients }, async () => hammerUntilRefused(url, agent)),
    );
    await under.settled();
    const rows = [...under.store.read("proxy_telemetry")].map((row) => ProxiedRequest.parse(row));
    return figuresOf(rows, { cap, crossing, ends });
  } finally {
    agent.destroy();
    await under.stop();
    await upstream.stop();
  }
}

/** Most answers are short and some are very long: what no estimate sees coming. */
function drawOutput(draw: () => number): number {
  const isLong = draw() < 0.02;
  return Math.ceil(draw() * MEAN_OUTPUT * (isLong ? 40 : 1.2));
}

function capOf({ clients, durationMs }: OvershootRun): number {
  const requests = Math.min((clients * durationMs) / ANSWER_MS / 2, durationMs * 0.8);
  return Math.round(requests * (INPUT + MEAN_OUTPUT));
}

/** The status at which a client stops, as agents do at the first hard stop. */
async function hammerUntilRefused(url: string, agent: Agent): Promise<number> {
  const body = JSON.stringify({ model: "model", messages: [] });
  for (let requests = 0; requests < REQUESTS_MAX; requests += 1) {
    const { status } = await send(url, { body, agent });
    if (status !== OK) return status;
  }
  return OK;
}

function figuresOf(
  rows: readonly ProxiedRequest[],
  {
    cap,
    crossing,
    ends,
  }: { readonly cap: number; readonly crossing: Crossing; readonly ends: readonly number[] },
): OvershootFigures {
  const spent = rows.reduce((sum, row) => sum + tokensOf(row), 0);
  return {
    cap,
    spent,
    overshoot: Math.max(0, spent - cap),
    inFlightTokens: crossing.inFlightTokens,
    inFlightRequests: crossing.inFlight.size,
    admitted: rows.filter(({ refused_by }) => refused_by === null).length,
    refused: rows.filter(({ refused_by }) => refused_by !== null).length,
    stopped: ends.filter((status) => status === REFUSED).length,
  };
}

function tokensOf({ prompt_tokens, completion_tokens }: ProxiedRequest): number {
  return (prompt_tokens ?? 0) + (completion_tokens ?? 0);
}

/** Watches for the moment at which the cap is reached: the first refusal, or the settling that passes it. */
class Crossing {
  readonly #cap: number;
  readonly #open = new Set<string>();
  #settled = 0;
  #hasCome = false;
  inFlight: ReadonlySet<string> = new Set();
  inFlightTokens = 0;

  constructor(cap: number) {
    this.#cap = cap;
  }

  watch(admission: Admission): Admission {
    return {
      admit: (request) => {
        const decision = admission.admit(request);
        if (decision.admitted) this.#open.add(decision.reservation);
        else this.#come();
        return decision;
      },
      settle: (reservation, settlement) => {
        const { usage } = settlement;
        const tokens = (usage?.input_uncached ?? 0) + (usage?.output ?? 0);
        if (this.#settled + tokens > this.#cap) this.#come();
        this.#settled += tokens;
        if (this.inFlight.has(reservation)) this.inFlightTokens += tokens;
        this.#open.delete(reservation);
        admission.settle(reservation, settlement);
      },
    };
  }

  #come(): void {
    if (this.#hasCome) return;
    this.#hasCome = true;
    this.inFlight = new Set(this.#open);
  }
}

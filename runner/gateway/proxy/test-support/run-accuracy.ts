import { Agent } from "node:http";

import { ProxiedRequest } from "../../../../ledger/domain/proxied-request.ts";
import { answerBytes, type Deal, dealOf, type Fault, toldBy } from "./deal.ts";
import { type Respond, startFakeUpstream } from "./fake-upstream.ts";
import { startProxyWithLedger } from "./proxy-with-ledger.ts";
import { send } from "./send.ts";

export interface AccuracyFigures {
  readonly rows: number;
  /** Tokens that the vendor stated, and those of the ledger. */
  readonly dealt: number;
  readonly recorded: number;
  /** Requests whose row says another thing than their deal, or that have not one row. */
  readonly wrong: readonly string[];
  /** How many requests had which fault. */
  readonly faults: ReadonlyMap<Fault, number>;
}

const PATHS = {
  "anthropic-messages": "/v1/messages",
  "openai-responses": "/v1/responses",
  "openai-chat": "/v1/chat/completions",
};
const OVERLOADED = 529;
const LIMITS = { mode: "block", basis: "all", limits: [], periodMs: null } as const;

/** Sends scripted requests through the proxy, faults among them, and compares its ledger with what was dealt. */
export async function runAccuracy({
  requests,
  connections,
  folder,
}: {
  readonly requests: number;
  readonly connections: number;
  /** An empty one, for the ledger. */
  readonly folder: string;
}): Promise<AccuracyFigures> {
  const upstream = await startFakeUpstream(answerDeal);
  const under = await startProxyWithLedger({ folder, origin: upstream.origin, limits: LIMITS });
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const deals = Array.from({ length: requests }, (_, index) => dealOf(index));
  const waiting = [...deals];
  const work = async (): Promise<void> => {
    for (let deal = waiting.pop(); deal !== undefined; deal = waiting.pop()) {
      await ask(under.address.url, deal, agent);
    }
  };
  try {
    await Promise.all(Array.from({ length: connections }, work));
    await under.settled();
    const rows = [...under.store.read("proxy_telemetry")].map((row) => ProxiedRequest.parse(row));
    return compare(deals, rows);
  } finally {
    agent.destroy();
    await under.stop();
    await upstream.stop();
  }
}

async function ask(url: string, deal: Deal, agent: Agent): Promise<void> {
  const { model, dialect, streaming, fault } = deal;
  await send(`${url}${PATHS[dialect]}`, {
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model, stream: streaming, messages: [] }),
    ...(fault === "client-leaves" ? { leaveAfterBytes: 1 } : { agent }),
  });
}

const answerDeal: Respond = async (response, { body }) => {
  const [, nth] = /"deal-(\d+)"/.exec(body.toString()) ?? [];
  const deal = dealOf(Number(nth));
  if (deal.fault === "hung-up") return void response.destroy();
  if (deal.fault === "refused") {
    response.writeHead(OVERLOADED, { "content-type": "application/json" });
    return void response.end('{"type":"error","error":{"type":"overloaded_error"}}');
  }
  response.writeHead(200, {
    "content-type": deal.streaming ? "text/event-stream" : "application/json",
    ...(deal.encoding === "identity" ? {} : { "content-encoding": deal.encoding }),
  });
  await writeInPieces(response, answerBytes(deal));
  if (deal.fault === "cut") response.destroy();
  else response.end();
};

/** Split where no character or line ends. */
async function writeInPieces(response: Parameters<Respond>[0], bytes: Buffer): Promise<void> {
  const third = Math.ceil(bytes.length / 3);
  for (let from = 0; from < bytes.length; from += third) {
    response.write(bytes.subarray(from, from + third));
    await new Promise((resolve) => {
      setTimeout(resolve, 1);
    });
  }
}

function compare(deals: readonly Deal[], rows: readonly ProxiedRequest[]): AccuracyFigures {
  const byModel = Map.groupBy(rows, ({ requested_model }) => requested_model);
  const wrong = deals.filter((deal) => !isTrue(deal, byModel.get(deal.model) ?? []));
  const faults = new Map<Fault, number>();
  for (const { fault } of deals) faults.set(fault, (faults.get(fault) ?? 0) + 1);
  return {
    rows: rows.length,
    dealt: sum(deals.map(toldBy).flatMap(({ prompt, completion }) => [prompt, completion])),
    recorded: sum(rows.flatMap((row) => [row.prompt_tokens, row.completion_tokens])),
    wrong: wrong.map(({ model, dialect, fault, streaming, encoding }) =>
      [model, dialect, fault, streaming ? "SSE" : "JSON", encoding].join(" "),
    ),
    faults,
  };
}

function sum(parts: readonly (number | null)[]): number {
  return parts.reduce<number>((total, part) => total + (part ?? 0), 0);
}

function isTrue(deal: Deal, rows: readonly ProxiedRequest[]): boolean {
  const [row] = rows;
  const { prompt, completion } = toldBy(deal);
  return rows.length === 1 && row?.prompt_tokens === prompt && row.completion_tokens === completion;
}

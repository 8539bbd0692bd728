import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

import { z } from "zod";

import { Meter } from "../../../ledger/domain/meter.ts";
import type { ProxiedRequest } from "../../../ledger/domain/proxied-request.ts";
import { requestFate } from "../../../ledger/domain/request-fate.ts";
import { sumUsage, Usage } from "../../../ledger/domain/usage.ts";
import { type Attempt, CLOSED } from "./attempts.ts";
import { giveAnswer } from "./own-answer.ts";

/** The state of a proxy: what `GET /-/status` answers. */
export const ProxyStatus = z.looseObject({
  in_flight: z.number(),
  attempts: z.array(
    z.looseObject({
      window: z.string(),
      attempt: z.number(),
      provider: z.string(),
      in_flight: z.number(),
      /** The budget that refuses its requests; null while they pass. */
      refused_by: z.string().nullable(),
      meters: z.array(Meter),
    }),
  ),
  /** The sums of each window's requests. */
  windows: z.array(
    z.looseObject({
      window: z.string(),
      attempt: z.number(),
      provider: z.string(),
      requests: z.number(),
      refused: z.number(),
      usage: Usage,
    }),
  ),
  upstreams: z.array(
    z.looseObject({
      name: z.string(),
      requests: z.number(),
      errors: z.number(),
      /** 0 for a network error; null before the first answer. */
      last_status: z.number().nullable(),
      /** When the last request was made that the upstream answered. */
      last_answered: z.string().nullable(),
    }),
  ),
  /** The budgets that the proxy keeps, each with the amounts used and reserved. */
  budgets: z.array(
    z.looseObject({
      name: z.string(),
      unit: z.enum(["tokens", "usd", "minutes"]),
      window: z.string().nullable(),
      refusal: z.looseObject({ freesAtMs: z.number().nullable() }).nullable(),
      used: z.number(),
      reserved: z.number(),
      limit: z.number().nullable(),
    }),
  ),
});
export type ProxyStatus = z.infer<typeof ProxyStatus>;

export const STATUS_PATH = "/-/status";

/** Answers a request for the status, if it is one. A wrong key gets no information. */
export function answerStatus(
  request: IncomingMessage,
  response: ServerResponse,
  { key, read }: { readonly key: string | undefined; readonly read: () => unknown },
): boolean {
  if (request.url !== STATUS_PATH) return false;
  if (key === undefined || !holdsKey(request.headers.authorization ?? "", key)) {
    giveAnswer(response, { status: 404, body: { error: { message: "Not found." } } }, null);
  } else {
    giveAnswer(response, { status: 200, body: read() }, null);
  }
  return true;
}

function holdsKey(authorization: string, key: string): boolean {
  const given = Buffer.from(authorization);
  const wanted = Buffer.from(`Bearer ${key}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** The board keeps the sums of this many windows; the oldest go first. */
const WINDOWS_MAX = 1000;

/** Sums the settled requests by window and by upstream. */
export class StatusBoard {
  readonly #windows = new Map<string, ProxyStatus["windows"][number]>();
  readonly #upstreams = new Map<string, ProxyStatus["upstreams"][number]>();

  settled(event: ProxiedRequest): void {
    if (event.kind === "model") this.#addToWindow(event);
    if (event.backend_provider !== null) this.#addToUpstream(event.backend_provider, event);
  }

  /** Leaves out attempts that are over; the sums of their windows stay. */
  read(attempts: Iterable<Attempt>, budgets: readonly unknown[]) {
    const open = [...attempts].filter(({ refusal }) => refusal !== CLOSED);
    return {
      in_flight: countInFlight(attempts),
      attempts: open.map(({ route, inFlight, refusal, meters }) => ({
        window: route.window,
        attempt: route.attempt,
        provider: route.provider,
        in_flight: inFlight,
        refused_by: refusal?.budget ?? null,
        meters: [...meters],
      })),
      windows: [...this.#windows.values()],
      upstreams: [...this.#upstreams.values()],
      budgets,
    };
  }

  #addToWindow({ window, attempt, provider, refused_by, usage }: ProxiedRequest): void {
    const key = `${window}.${String(attempt)}.${provider}`;
    const known = this.#windows.get(key);
    this.#windows.set(key, {
      window,
      attempt,
      provider,
      requests: (known?.requests ?? 0) + 1,
      refused: (known?.refused ?? 0) + (refused_by === null ? 0 : 1),
      usage: sumUsage([known?.usage, usage].filter((part) => part !== undefined && part !== null)),
    });
    const [oldest] = this.#windows.keys();
    if (this.#windows.size > WINDOWS_MAX && oldest !== undefined) this.#windows.delete(oldest);
  }

  #addToUpstream(name: string, event: ProxiedRequest): void {
    const known = this.#upstreams.get(name) ?? NEW_UPSTREAM;
    const { status, timestamp } = event;
    const hasAnswered = status !== null && status !== 0;
    this.#upstreams.set(name, {
      name,
      requests: known.requests + 1,
      errors: known.errors + (requestFate(event) === "failed" ? 1 : 0),
      last_status: status ?? known.last_status,
      last_answered: hasAnswered ? timestamp : known.last_answered,
    });
  }
}

const NEW_UPSTREAM = { requests: 0, errors: 0, last_status: null, last_answered: null };

export function countInFlight(attempts: Iterable<Attempt>): number {
  return [...attempts].reduce((sum, { inFlight }) => sum + inFlight, 0);
}

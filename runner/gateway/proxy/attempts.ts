import type { Meter } from "../../../ledger/domain/meter.ts";
import type { Refusal } from "./admission.ts";
import type { AttemptSockets } from "./attempt-sockets.ts";
import { BackgroundWork } from "./background-work.ts";
import { ConnectionLog } from "./network/connection-log.ts";
import { chooseRoute } from "./routes/choose-route.ts";
import {
  type AttemptRoute,
  type Destination,
  type RouteRule,
  type RoutedRequest,
  destinationOf,
} from "./routes/route.ts";

/** The refusal of every request that comes after its attempt was closed. */
export const CLOSED: Refusal = { budget: "closed", sentence: "This run is over." };

/** A request in flight, which the attempt's end breaks off. */
export interface Breakable {
  breakOff(): void;
}

/** One attempt, as the proxy knows it. It stays known after its end, to answer late requests. */
export class Attempt {
  readonly route: AttemptRoute;
  readonly key: string;
  /** The provider's own upstream. */
  readonly own: Destination;
  /** What a sandboxed agent asked for besides its models. */
  readonly connections = new ConnectionLog();
  readonly background = new BackgroundWork();
  readonly #routed: ReadonlyMap<RouteRule, Destination>;
  #routedRequests = 0;
  #isBehindSocket = false;
  /**
   * An array, because V8 rehashes a busy Set every few entries. The old tables keep their entries
   * alive, and each the next table, until a full collection.
   */
  readonly #inFlight: Breakable[] = [];
  readonly #onIdle: (() => void)[] = [];
  #refusal: Refusal | null = null;
  readonly #meters = new Map<string, Meter>();
  readonly #firstMeters = new Map<string, Meter>();
  /** When the limit of the last 429 resets, in epoch milliseconds. */
  limitResetMs: number | null = null;

  constructor(route: AttemptRoute, key: string) {
    this.route = route;
    this.key = key;
    this.own = destinationOf({ name: null, to: route.upstream, model: null });
    const rules = route.routes?.rules ?? [];
    this.#routed = new Map(rules.map((rule) => [rule, destinationOf(rule)]));
  }

  /** From now on its requests come through its own socket only. */
  moveBehindSocket(): void {
    this.#isBehindSocket = true;
  }

  get isBehindSocket(): boolean {
    return this.#isBehindSocket;
  }

  get hasRoutes(): boolean {
    return this.#routed.size > 0;
  }

  /** The destination of a request. Every call counts as one request of the shares. */
  destinationOf(request: Omit<RoutedRequest, "nth">): Destination {
    const { routes } = this.route;
    if (routes === undefined) return this.own;
    this.#routedRequests += 1;
    const { rule } = chooseRoute(routes, { ...request, nth: this.#routedRequests });
    return (rule === null ? undefined : this.#routed.get(rule)) ?? this.own;
  }

  /** Why its last request was refused; null while its requests pass. */
  get refusal(): Refusal | null {
    return this.#refusal;
  }

  /** Whether every later request is refused too. */
  get isRefused(): boolean {
    return this.#refusal !== null && this.#refusal.isPassing !== true;
  }

  get inFlight(): number {
    return this.#inFlight.length;
  }

  /** The first lasting refusal stays, unless the attempt is closed. */
  refuse(refusal: Refusal): void {
    if (!this.isRefused || refusal === CLOSED) this.#refusal = refusal;
  }

  /** Forgets a refusal that time has ended. */
  admit(): void {
    if (!this.isRefused) this.#refusal = null;
  }

  /** The last vendor reading of each meter. */
  get meters(): readonly Meter[] {
    return [...this.#meters.values()];
  }

  /** The first vendor reading of each meter. Answers may end in another order than they begin. */
  get firstMeters(): readonly Meter[] {
    return [...this.#firstMeters.values()];
  }

  readMeters(meters: readonly Meter[]): void {
    for (const meter of meters) {
      this.#meters.set(meter.name, meter);
      if (!this.#firstMeters.has(meter.name)) this.#firstMeters.set(meter.name, meter);
    }
  }

  enter(request: Breakable): void {
    this.#inFlight.push(request);
  }

  leave(request: Breakable): void {
    const at = this.#inFlight.indexOf(request);
    const last = this.#inFlight.pop();
    if (last !== undefined && last !== request) this.#inFlight[at] = last;
    if (this.#inFlight.length > 0) return;
    for (const resolve of this.#onIdle.splice(0)) resolve();
  }

  breakOff(): void {
    // Requests leave the array while they are broken off, so this loops over a copy.
    const inFlight = [...this.#inFlight];
    for (const request of inFlight) request.breakOff();
  }

  async idle(): Promise<void> {
    if (this.#inFlight.length === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle.push(resolve);
    });
  }
}

/** The attempt of a key, if the connection came through the attempt's own socket or, without one, the port. */
export function findReached(
  {
    attempts,
    sockets,
  }: {
    readonly attempts: ReadonlyMap<string, Attempt>;
    readonly sockets: Pick<AttemptSockets, "ownerOf">;
  },
  key: string,
  connection: object,
): Attempt | undefined {
  const attempt = attempts.get(key);
  const way = attempt?.isBehindSocket === true ? key : undefined;
  return sockets.ownerOf(connection) === way ? attempt : undefined;
}

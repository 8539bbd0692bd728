import type { Meter } from "../../ledger/domain/meter.ts";
import type { Refusal } from "./admission.ts";
import type { Exchange } from "./exchange.ts";
import type { AttemptRoute } from "./proxy.ts";
import { chooseRoute } from "./routes/choose-route.ts";
import { type Destination, ownDestination } from "./routes/destination.ts";
import type { RouteRule } from "./routes/route.ts";
import { upstreamAddress } from "./upstream-address.ts";

/** The refusal of every request that comes after its attempt was closed. */
export const CLOSED: Refusal = { budget: "closed", sentence: "This run is over." };

/** One attempt, as the proxy knows it. It stays known after its end, so that stragglers are told. */
export class Attempt {
  readonly route: AttemptRoute;
  readonly key: string;
  /** The provider's own upstream. */
  readonly own: Destination;
  readonly #routed: ReadonlyMap<RouteRule, Destination>;
  #routedRequests = 0;
  /**
   * Not a set: V8 makes another table of a busy one every few entries, and the old ones keep what was
   * in them alive, and each the next one, until the next full collection.
   */
  readonly #exchanges: Exchange[] = [];
  readonly #onIdle: (() => void)[] = [];
  #refusal: Refusal | null = null;
  #meters: ReadonlyMap<string, Meter> = new Map();
  readonly #firstMeters = new Map<string, Meter>();

  constructor(route: AttemptRoute, key: string) {
    this.route = route;
    this.key = key;
    this.own = ownDestination(route.upstream);
    const rules = route.routes?.rules ?? [];
    this.#routed = new Map(rules.map((rule) => [rule, destinationOf(rule)]));
  }

  get hasRoutes(): boolean {
    return this.#routed.size > 0;
  }

  /** Where a request goes; every call counts as one request of the shares. */
  destinationOf(request: {
    readonly subagentId: string | null;
    readonly model: string | null;
  }): Destination {
    const { routes } = this.route;
    if (routes === undefined) return this.own;
    this.#routedRequests += 1;
    const { rule } = chooseRoute(routes, { ...request, nth: this.#routedRequests });
    return (rule === null ? undefined : this.#routed.get(rule)) ?? this.own;
  }

  get refusal(): Refusal | null {
    return this.#refusal;
  }

  get inFlight(): number {
    return this.#exchanges.length;
  }

  /** The first refusal stays, but for the attempt's end, which is the last word. */
  refuse(refusal: Refusal): void {
    if (this.#refusal === null || refusal === CLOSED) this.#refusal = refusal;
  }

  /** By name, as last told. */
  get meters(): readonly Meter[] {
    return [...this.#meters.values()];
  }

  /** By name, as first told: the quicker of two answers may end before the one that told first. */
  get firstMeters(): readonly Meter[] {
    return [...this.#firstMeters.values()];
  }

  tellMeters(meters: readonly Meter[]): void {
    if (meters.length === 0) return;
    for (const meter of meters) {
      if (!this.#firstMeters.has(meter.name)) this.#firstMeters.set(meter.name, meter);
    }
    this.#meters = new Map([
      ...this.#meters,
      ...meters.map((meter) => [meter.name, meter] as const),
    ]);
  }

  enter(exchange: Exchange): void {
    this.#exchanges.push(exchange);
  }

  leave(exchange: Exchange): void {
    const at = this.#exchanges.indexOf(exchange);
    const last = this.#exchanges.pop();
    if (last !== undefined && last !== exchange) this.#exchanges[at] = last;
    if (this.#exchanges.length > 0) return;
    for (const resolve of this.#onIdle.splice(0)) resolve();
  }

  breakOff(): void {
    // Those that are broken off leave while it goes through them.
    const inFlight = [...this.#exchanges];
    for (const exchange of inFlight) exchange.breakOff();
  }

  async idle(): Promise<void> {
    if (this.#exchanges.length === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle.push(resolve);
    });
  }
}

function destinationOf({ name, to, model }: RouteRule): Destination {
  return { upstream: to, address: upstreamAddress(to), rule: name, model };
}

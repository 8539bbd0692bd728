import type { Refusal } from "./admission.ts";
import type { Exchange } from "./exchange.ts";
import type { AttemptRoute } from "./proxy.ts";
import type { UpstreamAddress } from "./upstream-address.ts";

/** The refusal of every request that comes after its attempt was closed. */
export const CLOSED: Refusal = { budget: "closed", sentence: "This run is over." };

/** One attempt, as the proxy knows it. It stays known after its end, so that stragglers are told. */
export class Attempt {
  readonly route: AttemptRoute;
  readonly address: UpstreamAddress;
  readonly #exchanges = new Set<Exchange>();
  readonly #onIdle: (() => void)[] = [];
  #refusal: Refusal | null = null;

  constructor(route: AttemptRoute, address: UpstreamAddress) {
    this.route = route;
    this.address = address;
  }

  get refusal(): Refusal | null {
    return this.#refusal;
  }

  get inFlight(): number {
    return this.#exchanges.size;
  }

  /** The first refusal stays, but for the attempt's end, which is the last word. */
  refuse(refusal: Refusal): void {
    if (this.#refusal === null || refusal === CLOSED) this.#refusal = refusal;
  }

  enter(exchange: Exchange): void {
    this.#exchanges.add(exchange);
  }

  leave(exchange: Exchange): void {
    this.#exchanges.delete(exchange);
    if (this.#exchanges.size > 0) return;
    for (const resolve of this.#onIdle.splice(0)) resolve();
  }

  breakOff(): void {
    for (const exchange of this.#exchanges) exchange.breakOff();
  }

  async idle(): Promise<void> {
    if (this.#exchanges.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle.push(resolve);
    });
  }
}

/** Lets only so many windows of each provider run at the same time. Further ones wait in their order. */
export class ProviderSlots {
  readonly #limits: ReadonlyMap<string, number>;
  readonly #taken = new Map<string, number>();
  readonly #waiting = new Map<string, (() => void)[]>();

  constructor(providers: readonly { readonly id: string; readonly windows?: number }[]) {
    this.#limits = new Map(providers.map(({ id, windows = 1 }) => [id, windows]));
  }

  /** Waits for a place, or until the signal fires. The returned function gives the place back. */
  async take(provider: string, signal: AbortSignal): Promise<() => void> {
    const limit = this.#limits.get(provider) ?? 1;
    while (!signal.aborted && this.#countOf(provider) >= limit) {
      await this.#wait(provider, signal);
    }
    this.#taken.set(provider, this.#countOf(provider) + 1);
    return () => {
      this.#taken.set(provider, this.#countOf(provider) - 1);
      this.#waiting.get(provider)?.shift()?.();
    };
  }

  #countOf(provider: string): number {
    return this.#taken.get(provider) ?? 0;
  }

  async #wait(provider: string, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiting = this.#waiting.get(provider) ?? [];
    this.#waiting.set(provider, waiting);
    const wake = () => resolve();
    waiting.push(wake);
    signal.addEventListener("abort", wake, { once: true });
    await promise;
    signal.removeEventListener("abort", wake);
    const place = waiting.indexOf(wake);
    if (place !== -1) waiting.splice(place, 1);
  }
}

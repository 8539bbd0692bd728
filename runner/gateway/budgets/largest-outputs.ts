/** The output that is reserved before a provider's first answer, unless the request allows less. */
export const FIRST_OUTPUT_TOKENS = 4096;

/** An answer, as far as the next reservation needs it. */
interface KnownAnswer {
  /** Output tokens; absent if they are unknown. */
  readonly output?: number | undefined;
  /** The most output that its request allowed; null if it did not say, absent if nobody knows. */
  readonly outputMax?: number | null | undefined;
}

/**
 * The largest answers of each provider so far. A short answer to a request that allows little, such as
 * one for a title, says nothing about the answers to other requests.
 */
export class LargestOutputs {
  readonly #largest = new Map<string, number>();

  note(provider: string, { output = 0, outputMax }: KnownAnswer): void {
    this.#raise(keyOf(provider, "any"), output);
    const isOpen = outputMax !== undefined && isOpenAt(outputMax);
    if (isOpen || output > FIRST_OUTPUT_TOKENS) this.#raise(keyOf(provider, "open"), output);
  }

  /** Returns the output to reserve for a request that allows so much. */
  toReserve(provider: string, outputMax: number | null): number {
    const key = keyOf(provider, isOpenAt(outputMax) ? "open" : "any");
    return Math.min(outputMax ?? Infinity, this.#largest.get(key) ?? FIRST_OUTPUT_TOKENS);
  }

  #raise(key: string, output: number): void {
    const largest = Math.max(output, this.#largest.get(key) ?? 0);
    if (largest > 0) this.#largest.set(key, largest);
  }
}

/** Whether a request lets its answer be as long as most answers are. */
function isOpenAt(outputMax: number | null): boolean {
  return outputMax === null || outputMax >= FIRST_OUTPUT_TOKENS;
}

function keyOf(provider: string, requests: "open" | "any"): string {
  return `${requests} ${provider}`;
}

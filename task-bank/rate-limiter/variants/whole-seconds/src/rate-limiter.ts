export interface LimiterOptions {
  size: number;
  tokensPerSecond: number;
  now: () => number;
}

export class RateLimiter {
  readonly #size: number;
  readonly #tokensPerSecond: number;
  readonly #now: () => number;
  #tokens: number;
  #asOfMs: number;

  constructor({ size, tokensPerSecond, now }: LimiterOptions) {
    if (!Number.isInteger(size) || size < 1) throw new RangeError(`A bucket needs a size, got ${size}.`);
    if (!Number.isFinite(tokensPerSecond) || tokensPerSecond <= 0) {
      throw new RangeError(`A limiter needs a rate, got ${tokensPerSecond}.`);
    }
    this.#size = size;
    this.#tokensPerSecond = tokensPerSecond;
    this.#now = now;
    this.#tokens = size;
    this.#asOfMs = now();
  }

  tryTake(tokens = 1): boolean {
    this.#refill();
    if (this.#tokens < tokens) return false;
    this.#tokens -= tokens;
    return true;
  }

  available(): number {
    this.#refill();
    return Math.floor(this.#tokens);
  }

  waitMs(tokens = 1): number {
    if (tokens > this.#size) return Infinity;
    this.#refill();
    const missing = Math.max(0, tokens - this.#tokens);
    return Math.ceil((missing / this.#tokensPerSecond) * 1000);
  }

  #refill(): void {
    const nowMs = Math.max(this.#asOfMs, this.#now());
    const gained = Math.floor((nowMs - this.#asOfMs) / 1000) * this.#tokensPerSecond;
    this.#tokens = Math.min(this.#size, this.#tokens + gained);
    this.#asOfMs = nowMs;
  }
}

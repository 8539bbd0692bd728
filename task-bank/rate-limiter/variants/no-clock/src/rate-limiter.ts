export interface LimiterOptions {
  size: number;
  tokensPerSecond: number;
  now: () => number;
}

export class RateLimiter {
  #tokens: number;

  constructor({ size }: LimiterOptions) {
    this.#tokens = size;
  }

  tryTake(tokens = 1): boolean {
    this.#tokens -= tokens;
    return this.#tokens >= 0;
  }

  available(): number {
    return this.#tokens;
  }

  waitMs(): number {
    return 0;
  }
}

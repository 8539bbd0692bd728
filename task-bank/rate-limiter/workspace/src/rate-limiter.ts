export interface LimiterOptions {
  size: number;
  tokensPerSecond: number;
  now: () => number;
}

export class RateLimiter {
  constructor(_options: LimiterOptions) {
    throw new Error("not built yet");
  }

  tryTake(_tokens = 1): boolean {
    throw new Error("not built yet");
  }

  available(): number {
    throw new Error("not built yet");
  }

  waitMs(_tokens = 1): number {
    throw new Error("not built yet");
  }
}

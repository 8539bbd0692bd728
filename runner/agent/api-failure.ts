/** Why a request to the model brought no answer, and whether another try may help. */
export class ApiFailure extends Error {
  readonly isRetryable: boolean;
  /** How long the server asked to wait; absent where it did not say. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, retry: RetryAdvice, options?: ErrorOptions) {
    super(message, options);
    this.name = "ApiFailure";
    this.isRetryable = retry.isRetryable;
    this.retryAfterMs = retry.retryAfterMs;
  }
}

export interface RetryAdvice {
  readonly isRetryable: boolean;
  readonly retryAfterMs?: number | undefined;
}

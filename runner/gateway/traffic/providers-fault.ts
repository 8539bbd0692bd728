/** A request to a model when it is settled. */
interface Settled {
  /** 0 is a network error. */
  readonly lastStatus: number | null;
  /** The code of its error; null if it did not fail. */
  readonly lastError: string | null;
}

/** Errors within an answer by which a vendor refuses the request itself. */
const BAD_REQUEST = /^(?:invalid_|context_length_|request_too_large$)/i;

const OK = 200;
const TOO_MANY_REQUESTS = 429;
const SERVER_ERROR = 500;

/** Whether a request failed, and not because of what the agent asked. */
export function isProvidersFault({ lastStatus, lastError }: Settled): boolean {
  if (lastStatus === null || lastError === null) return false;
  if (lastStatus === OK) return !BAD_REQUEST.test(lastError);
  return lastStatus === 0 || lastStatus === TOO_MANY_REQUESTS || lastStatus >= SERVER_ERROR;
}

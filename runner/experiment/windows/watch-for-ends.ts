import type { TurnId } from "../../gateway/budgets/budget-attempt.ts";
import type { BudgetBook } from "../../gateway/budgets/budget-book.ts";
import { watchMinutes } from "../../gateway/budgets/watch-minutes.ts";
import type { AttemptKey, Proxy } from "../../gateway/proxy/proxy.ts";
import type { TrafficTally } from "../../gateway/traffic/attempt-traffic.ts";
import type { Environment } from "../../platform/environment/environment.ts";

/** A client whose credential or model is refused may end by itself within this time. */
const KEY_GRACE_MS = 3000;
/** So long a client may try again at a limit. Some would try for the whole window. */
const LIMIT_GRACE_MS = 60_000;
const LOOK_EVERY_MS = 500;

/**
 * A signal that fires when the attempt's minutes are spent, or when its provider refuses every request:
 * a credential that is not valid, a model that it does not know, or a limit that does not reset soon. The
 * harness waits for a reset, not the agent.
 */
export function watchForEnds(
  {
    proxy,
    book,
    clock,
  }: { readonly proxy: Proxy; readonly book: BudgetBook; readonly clock: Environment["clock"] },
  {
    key,
    opened,
    tally,
  }: { readonly key: TurnId; readonly opened: AttemptKey; readonly tally: TrafficTally },
): { readonly signal: AbortSignal; readonly stop: () => void } {
  const end = new AbortController();
  const limitResetsAtMs = () => proxy.limitResetOf(opened.key);
  const looks = setInterval(() => {
    if (isHopeless(tally, limitResetsAtMs, clock)) end.abort();
  }, LOOK_EVERY_MS);
  looks.unref();
  const stopWatchingMinutes = watchMinutes(book, key, (refusal) => {
    proxy.refuseAttempt(opened.key, refusal);
    end.abort();
  });
  const stop = () => {
    clearInterval(looks);
    stopWatchingMinutes();
  };
  return { signal: end.signal, stop };
}

/** Whether waiting for the client's next try is in vain. */
export function isHopeless(
  tally: Pick<TrafficTally, "refusedSince">,
  limitResetsAtMs: () => number | null,
  clock: Environment["clock"],
): boolean {
  const refused = tally.refusedSince();
  if (refused === null) return false;
  const forMs = clock.monotonicMs() - refused.sinceMs;
  if (refused.cause !== "limit") return forMs >= KEY_GRACE_MS;
  const untilResetMs = (limitResetsAtMs() ?? 0) - clock.nowMs();
  return forMs >= (untilResetMs > LIMIT_GRACE_MS ? KEY_GRACE_MS : LIMIT_GRACE_MS);
}

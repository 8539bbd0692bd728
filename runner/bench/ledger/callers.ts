import { systemClock } from "../../platform/environment/environment.ts";

export const CALLERS = 64;
/** What each caller appends, again and again. */
export const ROW = { record: "request_proxied", text: "x".repeat(160) } as const;

/** How many rows callers get acknowledged who each wait for their row before they hand in the next. */
export async function countRows(ms: number, append: () => Promise<unknown>): Promise<number> {
  const endMs = systemClock.monotonicMs() + ms;
  let rows = 0;
  await Promise.all(
    Array.from({ length: CALLERS }, async () => {
      while (systemClock.monotonicMs() < endMs) {
        await append();
        rows += 1;
      }
    }),
  );
  return rows;
}

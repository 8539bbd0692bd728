import { z } from "zod";

import { parseJson } from "../../domain/parse-json.ts";
import { EPOCH_SECONDS_MAX } from "../../domain/timestamp.ts";
import { meterWithReset, percentMeter } from "../meter-with-reset.ts";
import { type Capture, failed, joinReadings, type PaneReading } from "../pane-reading.ts";
import { GENERAL, limitOfMinutes } from "./limit-label.ts";

const MS_PER_SECOND = 1000;

const Window = z
  .looseObject({
    usedPercent: z.number().min(0).max(100),
    windowDurationMins: z.int().positive(),
    /** Seconds since the Unix epoch. */
    resetsAt: z.int().positive().max(EPOCH_SECONDS_MAX).nullish(),
  })
  .nullish();

const Limits = z.looseObject({
  limitId: z.string().nullish(),
  limitName: z.string().nullish(),
  primary: Window,
  secondary: Window,
});

const Account = z.looseObject({
  rateLimits: Limits,
  rateLimitsByLimitId: z.record(z.string(), Limits).nullish(),
});

/** Reads the answer of Codex's app server to `account/rateLimits`. The length of a window identifies it. */
export function readAccountJson(text: string, capture: Capture): PaneReading {
  const json = parseJson(text);
  if (json === undefined) return unreadable("text that is not JSON");
  const account = Account.safeParse(json);
  if (!account.success) return unreadable(z.prettifyError(account.error));
  const readings = limitsOf(account.data).flatMap(([id, limits]) => {
    const model = id === GENERAL ? null : (limits.limitName ?? id);
    return [limits.primary, limits.secondary].flatMap((window) =>
      window === null || window === undefined ? [] : [readWindow(model, window, capture)],
    );
  });
  return joinReadings(readings, "The account shows no limits.", []);
}

function unreadable(what: string): PaneReading {
  return failed(`Expected Codex's rate limits as JSON, got: ${what}`);
}

/** The limits by their ids; the account's own is listed once, wherever it is. */
function limitsOf({ rateLimits, rateLimitsByLimitId }: z.infer<typeof Account>) {
  const own = rateLimits.limitId ?? GENERAL;
  const byId = new Map(Object.entries(rateLimitsByLimitId ?? {}));
  return byId.has(own) ? [...byId] : [[own, rateLimits] as const, ...byId];
}

function readWindow(
  model: string | null,
  { usedPercent, windowDurationMins, resetsAt }: NonNullable<z.infer<typeof Window>>,
  capture: Capture,
): PaneReading {
  const limit = limitOfMinutes(model, windowDurationMins);
  const meter = percentMeter(limit, usedPercent, capture.capturedAt);
  const isKnown = resetsAt !== null && resetsAt !== undefined;
  return meterWithReset(meter, isKnown ? resetsAt * MS_PER_SECOND : undefined, capture);
}

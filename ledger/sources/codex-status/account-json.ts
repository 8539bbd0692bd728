import { z } from "zod";

import type { Meter } from "../../domain/meter.ts";
import { parseJson } from "../../domain/parse-json.ts";
import { timestampOf } from "../../domain/timestamp.ts";
import { type Capture, failed, type PaneReading } from "../pane-reading.ts";
import { nameOfMinutes } from "./limit-label.ts";

const MS_PER_SECOND = 1000;
/** The last second of the year 9999; milliseconds, taken for seconds, lie behind it. */
const EPOCH_SECONDS_MAX = 253_402_300_799;

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

/** The general limit of the account; others belong to one model and keep their name. */
const GENERAL = "codex";

/** Reads the answer of Codex's app server to `account/rateLimits`. The length of a window identifies it. */
export function readAccountJson(text: string, { capturedAt }: Capture): PaneReading {
  const json = parseJson(text);
  if (json === undefined) return unreadable("text that is not JSON");
  const account = Account.safeParse(json);
  if (!account.success) return unreadable(z.prettifyError(account.error));
  const meters = limitsOf(account.data).flatMap(([id, limits]) => {
    const scope = id === GENERAL ? "" : `${limits.limitName ?? id} `;
    return [limits.primary, limits.secondary].flatMap((window) =>
      window === null || window === undefined ? [] : [meterOf(scope, window, capturedAt)],
    );
  });
  const errors = meters
    .filter(({ resets_at }) => resets_at === null)
    .map(({ name }) => `${name}: expected a reset, got none.`);
  return {
    meters,
    errors: meters.length === 0 ? ["The account shows no limits."] : errors,
    notes: [],
  };
}

function unreadable(what: string): PaneReading {
  return failed(`Expected Codex's rate limits as JSON, got: ${what}`);
}

/** The limits by their ids; the account's own is told once, wherever it stands. */
function limitsOf({ rateLimits, rateLimitsByLimitId }: z.infer<typeof Account>) {
  const own = rateLimits.limitId ?? GENERAL;
  const byId = new Map(Object.entries(rateLimitsByLimitId ?? {}));
  return byId.has(own) ? [...byId] : [[own, rateLimits] as const, ...byId];
}

function meterOf(scope: string, window: NonNullable<z.infer<typeof Window>>, asOf: string): Meter {
  const { usedPercent, windowDurationMins, resetsAt } = window;
  return {
    name: `${scope}${nameOfMinutes(windowDurationMins)}`.toLowerCase(),
    limit_window_minutes: windowDurationMins,
    unit: "percent",
    used: usedPercent,
    resets_at:
      resetsAt === null || resetsAt === undefined ? null : timestampOf(resetsAt * MS_PER_SECOND),
    as_of: asOf,
  };
}

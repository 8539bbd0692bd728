import { z } from "zod";

import type { Meter } from "../../domain/meter.ts";
import { nameOfMinutes } from "../codex-status/limit-label.ts";
import { meterWithReset } from "../meter-with-reset.ts";
import { type Capture, failed, joinReadings, type PaneReading } from "../pane-reading.ts";

const HOUR_MINUTES = 60;
const WEEK_MINUTES = 10_080;
const MONTH_MINUTES = 43_200;
/** Minutes of each unit that the endpoint is known to use. */
const UNIT_MINUTES = new Map([
  [3, HOUR_MINUTES],
  [6, WEEK_MINUTES],
]);
/** The endpoint shows whole percents, rounded either way. */
const ROUNDING = 1;

const Limit = z.looseObject({
  type: z.string(),
  unit: z.int().optional(),
  number: z.int().positive().max(10_000).optional(),
  /** The limit, whatever its name says. */
  usage: z.number().nonnegative().nullish(),
  /** What was used. */
  currentValue: z.number().nonnegative().nullish(),
  percentage: z.number().min(0).max(100).nullish(),
  /** Milliseconds since the Unix epoch. */
  nextResetTime: z.int().positive().max(8_640_000_000_000_000).nullish(),
});
type Limit = z.infer<typeof Limit>;

const Answer = z.looseObject({
  code: z.int().optional(),
  msg: z.string().optional(),
  success: z.boolean().optional(),
  data: z.looseObject({ limits: z.array(Limit).max(100) }).optional(),
});

/** What the limits of a type count, and the limit's window as far as the type says it. */
const TYPES: Readonly<
  Record<string, { readonly unit: "tokens" | "credits" | "percent"; readonly isMcp?: true }>
> = {
  TOKENS_LIMIT: { unit: "tokens" },
  CREDIT_LIMIT: { unit: "credits" },
  TIME_LIMIT: { unit: "percent", isMcp: true },
};

/** Reads the answer of GLM's quota endpoint. A week and five hours have the same type. */
export function readQuotaJson(json: unknown, capture: Capture): PaneReading {
  const answer = Answer.safeParse(json);
  if (!answer.success) return unreadable(z.prettifyError(answer.error));
  const { code = 200, msg = "", success = true, data } = answer.data;
  if (code !== 200 || !success) {
    return failed(
      `The quota endpoint refused with code ${String(code)}: "${msg}". Ask it with the key of the account.`,
    );
  }
  const readings = (data?.limits ?? []).map((limit) => readLimit(limit, capture));
  return joinReadings(readings, "The quota JSON has no limits.", []);
}

export function unreadable(what: string): PaneReading {
  return failed(`Expected GLM's quota as JSON, got: ${what}`);
}

function readLimit(limit: Limit, capture: Capture): PaneReading {
  const { type, unit, number } = limit;
  const counted = TYPES[type];
  if (counted === undefined) {
    return failed(`${type}: expected TOKENS_LIMIT, CREDIT_LIMIT or TIME_LIMIT.`);
  }
  const unitMinutes = UNIT_MINUTES.get(unit ?? 0);
  const minutes = counted.isMcp ? MONTH_MINUTES : (unitMinutes ?? 0) * (number ?? 0);
  if (minutes === 0) {
    return failed(
      `${type}: expected unit 3 (hours) or 6 (weeks), got unit ${String(unit)}, number ${String(number)}.`,
    );
  }
  const name = counted.isMcp ? "monthly mcp" : nameOfMinutes(minutes);
  const figures = readFigures(limit, counted.unit);
  if (typeof figures === "string") return failed(`${name}: ${figures}`);
  const meter = {
    name,
    limit_window_minutes: minutes,
    ...figures,
    resets_at: null,
    as_of: capture.capturedAt,
  };
  return readReset(meter, limit, capture);
}

type Figures = Pick<Meter, "unit" | "used" | "limit">;

/** The exact count if the plan shows one, otherwise its whole percents. */
function readFigures(
  { usage, currentValue, percentage }: Limit,
  unit: Meter["unit"],
): Figures | string {
  const isCounted = isNumber(usage) && isNumber(currentValue);
  if (!isCounted && !isNumber(percentage)) {
    return "expected percentage, or usage and currentValue, got neither.";
  }
  if (!isCounted) return { unit: "percent", used: percentage ?? 0 };
  const share = usage === 0 ? 100 : Math.min(100, (currentValue / usage) * 100);
  if (isNumber(percentage) && usage > 0 && Math.abs(share - percentage) > ROUNDING) {
    return `expected a percentage of about ${String(Math.round(share))} for currentValue ${String(currentValue)} of usage ${String(usage)}, got ${String(percentage)}.`;
  }
  if (unit === "percent") return { unit, used: percentage ?? share };
  return { unit, used: currentValue, limit: usage };
}

function isNumber(value: number | null | undefined): value is number {
  return value !== null && value !== undefined;
}

/** A limit without use and without a reset has no period yet. */
function readReset(
  meter: Meter & { readonly limit_window_minutes: number },
  { nextResetTime: resetMs }: Limit,
  capture: Capture,
): PaneReading {
  if (!isNumber(resetMs) && meter.used === 0) {
    return { meters: [{ ...meter, is_idle: true }], errors: [], notes: [] };
  }
  return meterWithReset(meter, resetMs ?? undefined, capture);
}

import type { Meter } from "../../../../ledger/domain/meter.ts";
import { epochMsOf, httpDateMs, timestampOf } from "../../../../ledger/domain/timestamp.ts";
import { headerPairs } from "../../../platform/http/header-pairs.ts";

/** Answer headers by lower-case name. */
type Headers = ReadonlyMap<string, string>;

const HOUR_MINUTES = 60;
const DAY_MINUTES = 24 * HOUR_MINUTES;
const WEEK_MINUTES = 7 * DAY_MINUTES;
/** A reset further away than this is a fault, not a time. */
const RESET_S_MAX = 400 * 24 * 3600;
const INTERESTING = /^(?:anthropic-ratelimit-unified-|x-codex-|x-ratelimit-)/i;

/**
 * Reads the provider's rate limit meters from an answer's headers: those of a Claude plan, of a Codex
 * plan, and an API's limits in the `x-ratelimit-*` form. Missing or absurd values give no meter.
 */
export function readMeters(rawHeaders: readonly string[], nowMs: number): readonly Meter[] {
  const headers = new Map<string, string>();
  for (const [name, value] of headerPairs(rawHeaders)) {
    if (INTERESTING.test(name)) headers.set(name.toLowerCase(), value);
  }
  if (headers.size === 0) return [];
  return [...unifiedMeters(headers), ...codexMeters(headers, nowMs), ...apiMeters(headers, nowMs)]
    .filter(({ limit_window_minutes: minutes }) => Number.isInteger(minutes) && minutes > 0)
    .map(({ resetMs, ...meter }) => ({
      ...meter,
      resets_at: resetMs === null ? null : resetAt(resetMs, nowMs),
      as_of: timestampOf(nowMs),
    }));
}

/**
 * When a limit resets that an answer says is reached, in epoch milliseconds. If several are reached, the
 * last reset counts. Null if the answer names none that is to come.
 */
export function readLimitReset(rawHeaders: readonly string[], nowMs: number): number | null {
  const spent = readMeters(rawHeaders, nowMs)
    .filter(({ used, limit = Infinity }) => used >= limit)
    .flatMap(({ resets_at: at }) => (at === null || at === undefined ? [] : epochMsOf(at)));
  const waits = [...headerPairs(rawHeaders)]
    .filter(([name]) => name.toLowerCase() === "retry-after")
    .flatMap(([, value]) => readRetryAfter(value, nowMs) ?? [])
    .filter((resetMs) => resetMs <= nowMs + RESET_S_MAX * 1000);
  const resets = [...spent, ...waits].filter((resetMs) => resetMs > nowMs);
  return resets.length === 0 ? null : Math.max(...resets);
}

/** The moment of a `retry-after`, which is a number of seconds or a date. */
function readRetryAfter(value: string, nowMs: number): number | null {
  const seconds = toNumber(value);
  return seconds === null ? httpDateMs(value) : nowMs + seconds * 1000;
}

interface FoundMeter extends Pick<Meter, "name" | "unit" | "used" | "limit"> {
  readonly limit_window_minutes: number;
  readonly resetMs: number | null;
}

const UNIFIED = /^anthropic-ratelimit-unified-(\d{1,3})([hd])(?:_([a-z0-9]{1,20}))?-utilization$/;

/** Shares of a Claude plan's limits, e.g. `…-5h-utilization: 0.42` with `…-5h-reset` in Unix seconds. */
function unifiedMeters(headers: Headers): readonly FoundMeter[] {
  return [...headers].flatMap(([header, value]) => {
    const [, count, unit, model] = UNIFIED.exec(header) ?? [];
    const used = toNumber(value);
    if (count === undefined || used === null) return [];
    const minutes = Number(count) * (unit === "h" ? HOUR_MINUTES : DAY_MINUTES);
    const reset = toNumber(headers.get(header.replace(/utilization$/, "reset")));
    const name = [nameOf(minutes), model].filter((part) => part !== undefined).join(" ");
    return percentMeter(name, minutes, { used: used * 100, resetMs: reset && reset * 1000 });
  });
}

/** Percentages of a Codex plan's two limits, with the reset as a moment or as a wait. */
function codexMeters(headers: Headers, nowMs: number): readonly FoundMeter[] {
  return ["primary", "secondary"].flatMap((which) => {
    const field = (name: string) => toNumber(headers.get(`x-codex-${which}-${name}`));
    const used = field("used-percent");
    const minutes = field("window-minutes");
    if (used === null || minutes === null) return [];
    const at = field("reset-at");
    const after = field("reset-after-seconds");
    const resetMs = at === null ? after && nowMs + after * 1000 : at * 1000;
    return percentMeter(nameOf(minutes), minutes, { used, resetMs });
  });
}

function percentMeter(
  name: string,
  limit_window_minutes: number,
  { used, resetMs }: Pick<FoundMeter, "used" | "resetMs">,
): FoundMeter {
  const rounded = Math.round(used * 100) / 100;
  return { name, limit_window_minutes, unit: "percent", used: rounded, limit: 100, resetMs };
}

/** The remaining requests and tokens of an API's limits, in OpenAI's form. */
function apiMeters(headers: Headers, nowMs: number): readonly FoundMeter[] {
  return (["requests", "tokens"] as const).flatMap((kind) => {
    const limit = toNumber(headers.get(`x-ratelimit-limit-${kind}`));
    const remaining = toNumber(headers.get(`x-ratelimit-remaining-${kind}`));
    if (limit === null || remaining === null || remaining > limit) return [];
    const waitS = toSeconds(headers.get(`x-ratelimit-reset-${kind}`));
    return {
      name: `api ${kind}`,
      limit_window_minutes: 1,
      unit: kind === "tokens" ? kind : "prompts",
      used: limit - remaining,
      limit,
      resetMs: waitS === null ? null : nowMs + waitS * 1000,
    };
  });
}

/** The name in the vendors' panes, so that a pane and a header mean the same meter. */
function nameOf(minutes: number): string {
  if (minutes === WEEK_MINUTES) return "weekly";
  if (minutes === DAY_MINUTES) return "daily";
  return minutes % HOUR_MINUTES === 0
    ? `${String(minutes / HOUR_MINUTES)}h`
    : `${String(minutes)}m`;
}

function resetAt(resetMs: number, nowMs: number): string | null {
  const isNear = Math.abs(resetMs - nowMs) <= RESET_S_MAX * 1000;
  return isNear ? timestampOf(resetMs) : null;
}

function toNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}(?:\.\d{1,10})?$/.test(text) ? Number(text) : null;
}

const SPAN = /^(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6}(?:\.\d{1,6})?)s)?(?:(\d{1,9})ms)?$/;

/** Seconds as a number, or as a span such as `6m0s` or `12ms`. */
function toSeconds(text: string | undefined): number | null {
  if (text === undefined || text === "") return null;
  const plain = toNumber(text);
  if (plain !== null) return plain;
  const parts = SPAN.exec(text);
  if (parts === null) return null;
  const [hours = 0, minutes = 0, seconds = 0, ms = 0] = parts
    .slice(1)
    .map((part) => Number(part ?? 0));
  return hours * 3600 + minutes * 60 + seconds + ms / 1000;
}

import { wallClock } from "../../../ledger/domain/wall-clock.ts";
import { isPeak, type PeakHours } from "../../gateway/prices/peak-hours.ts";
import { peaksOf } from "../../gateway/prices/request-dollars.ts";
import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import type { Configuration } from "../config/configuration.ts";

/** The hours in which a matched set runs. */
export type Hours = "peak" | "off-peak";

type Peak = Parameters<typeof isPeak>[0];

const MS_PER_MINUTE = 60_000;
const MS_PER_HOUR = 60 * MS_PER_MINUTE;
const MINUTES_PER_HOUR = 60;
const MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR;
const DAYS_PER_WEEK = 7;
const WEEK_MS = DAYS_PER_WEEK * MINUTES_PER_DAY * MS_PER_MINUTE;
/** Monday, 5 January 2026: any week works that has no clock change nearby. */
const SOME_WEEK_MS = 1_767_571_200_000;

/** Returns `peak` if any of the peaks covers the moment (epoch ms). */
export function hoursAt(peaks: readonly Peak[], atMs: number): Hours {
  return peaks.some((peak) => isPeak(peak, atMs)) ? "peak" : "off-peak";
}

/**
 * Returns when the hours change after a moment (epoch ms, on the minute); null if they do not change
 * within eight days.
 */
export function nextChangeMs(peaks: readonly Peak[], atMs: number): number | null {
  const now = hoursAt(peaks, atMs);
  const change = peaks
    .flatMap((peak) => [peak.from, peak.to].flatMap((time) => occurrences(time, peak.zone, atMs)))
    .filter((candidate) => candidate > atMs)
    .toSorted((left, right) => left - right)
    .find((candidate) => hoursAt(peaks, candidate) !== now);
  return change ?? null;
}

/** Returns the hours of each kind in a week, and the number of peak stretches. */
export function hoursPerWeek(peaks: readonly Peak[]) {
  const endMs = SOME_WEEK_MS + WEEK_MS;
  let peakMs = 0;
  let stretches = 0;
  for (let fromMs = SOME_WEEK_MS; fromMs < endMs;) {
    const toMs = Math.min(nextChangeMs(peaks, fromMs) ?? endMs, endMs);
    if (hoursAt(peaks, fromMs) === "peak") {
      peakMs += toMs - fromMs;
      // A stretch over the end of the week continues at its beginning and is counted there.
      stretches += fromMs > SOME_WEEK_MS || hoursAt(peaks, fromMs - 1) === "off-peak" ? 1 : 0;
    }
    fromMs = toMs;
  }
  const peak = peakMs / MS_PER_HOUR;
  return { peak, offPeak: WEEK_MS / MS_PER_HOUR - peak, stretches };
}

/**
 * Returns the moments within eight days at which a zone's clocks may show a time of day. A clock change
 * in between moves a moment by an hour in either direction.
 */
function occurrences(time: string, zone: string, atMs: number): readonly number[] {
  const ahead = minuteOf(time) - minuteOf(wallClock(atMs, zone).time);
  const firstMs = Math.floor(atMs / MS_PER_MINUTE) * MS_PER_MINUTE + ahead * MS_PER_MINUTE;
  return Array.from(
    { length: DAYS_PER_WEEK + 2 },
    (_, day) => firstMs + (day * WEEK_MS) / DAYS_PER_WEEK,
  ).flatMap((momentMs) => [momentMs - MS_PER_HOUR, momentMs, momentMs + MS_PER_HOUR]);
}

/** Returns the minute of the day from `14:05`. */
function minuteOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return hour * MINUTES_PER_HOUR + minute;
}

/** The hours in which a provider's model costs more, or its plan is used up faster. */
export interface PricedPeak {
  readonly provider: string;
  /** For a subscription: `the plan <name>`. */
  readonly model: string;
  readonly peak: PeakHours;
}

type Priced = Pick<Configuration, "providers" | "prices" | "design" | "givenFile">;

/**
 * Returns the peak hours by which matched sets are drawn; none if `design.strata` does not name them.
 * @throws ConfigurationError if it does and no compared model has any, or they never begin or end.
 */
export function pricedPeaks(configuration: Priced): readonly PricedPeak[] {
  const { design, givenFile } = configuration;
  if (!design.strata.includes("peak_hours")) return [];
  const found = findPeaks(configuration);
  const place = `${givenFile ?? "configuration"}: design.strata: expected for "peak_hours"`;
  if (found.length === 0) {
    throw new ConfigurationError(
      `${place} a compared provider whose price has peak hours, got none: ${sayAsked(configuration)}. Write them into a model's price under "prices", e.g. peak: { zone: Asia/Shanghai, from: "14:00", to: "18:00", factor: 2 }, or leave peak_hours out.`,
    );
  }
  const { peak, offPeak } = hoursPerWeek(found.map((one) => one.peak));
  if (peak === 0 || offPeak === 0) {
    throw new ConfigurationError(
      `${place} hours that begin and end within a week, got ${sayPeaks(found)}, of which there is ${peak === 0 ? "none" : "no end"}. Correct them under "prices", or leave peak_hours out.`,
    );
  }
  return found;
}

/** Formats peaks as `14:00 to 18:00 Asia/Shanghai (mon, tue) of glm-4.6 (claude-glm)`. */
export function sayPeaks(peaks: readonly PricedPeak[]): string {
  const shared = Map.groupBy(peaks, ({ peak: { zone, days, from, to } }) => {
    const on = days === undefined ? "" : ` (${days.join(", ")})`;
    return `${from} to ${to} ${zone}${on}`;
  });
  return [...shared]
    .map(([hours, those]) => `${hours} of ${those.map(sayModel).join(", ")}`)
    .join("; ");
}

/** Returns the peaks for the registration: the parts that belong to the question for every measure of cost. */
export function describePeaks(peaks: readonly PricedPeak[]) {
  return peaks.map(({ provider, model, peak: { zone, days, from, to } }) => ({
    provider,
    model,
    zone,
    ...(days === undefined ? {} : { days }),
    from,
    to,
  }));
}

function findPeaks({ providers, prices }: Priced): readonly PricedPeak[] {
  const ofModels = askedModels(providers).flatMap(({ provider, model }) => {
    const price = prices.find(model)?.price;
    const peaks = price === undefined ? [] : peaksOf(price);
    return peaks.map((peak) => ({ provider, model, peak }));
  });
  const ofPlans = providers.flatMap(({ id: provider, plan }) =>
    plan?.price.peak === undefined
      ? []
      : [{ provider, model: `the plan ${plan.name}`, peak: plan.price.peak }],
  );
  return [...ofModels, ...ofPlans];
}

/** Lists each model that a provider or one of its routes names. */
function askedModels(providers: Priced["providers"]) {
  return providers.flatMap(({ id, model, routes }) =>
    [...new Set([model, ...routes.flatMap((route) => route.model ?? [])])].map((asked) => ({
      provider: id,
      model: asked,
    })),
  );
}

function sayAsked({ providers }: Priced): string {
  return askedModels(providers).map(sayModel).join(", ");
}

function sayModel({ provider, model }: { readonly provider: string; readonly model: string }) {
  return `${model} (${provider})`;
}

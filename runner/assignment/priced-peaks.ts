import type { Configuration } from "../config/configuration.ts";
import { ConfigurationError } from "../configuration-error.ts";
import type { PeakHours } from "../prices/peak-hours.ts";
import { hoursPerWeek } from "./hours.ts";

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
    const peak = prices.find(model)?.price.peak;
    return peak === undefined ? [] : [{ provider, model, peak }];
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

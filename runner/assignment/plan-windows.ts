import type { PlannedWindow } from "./plan.ts";

/** One unit as the frozen schedule has it: providers and windows by period. */
interface ScheduledUnit {
  readonly feature_id: string;
  readonly replicate: number;
  readonly providers: readonly string[];
  readonly windows: readonly string[];
}

/** The windows of a unit, period 1 first. */
export function planWindows(unit: ScheduledUnit): readonly PlannedWindow[] {
  const { feature_id: featureId, replicate, providers } = unit;
  return unit.windows.flatMap((window, index) =>
    providers.slice(index, index + 1).map((provider) => ({
      window,
      provider,
      featureId,
      replicate,
      period: index + 1,
      command: `/implement ${featureId}`,
    })),
  );
}

import type { Meter } from "../domain/meter.ts";
import type { PaneReading } from "./pane-reading.ts";

/** Refuses two figures for one limit: neither is guessed to be the right one. */
export function refuseTwins({ meters, errors, notes }: PaneReading): PaneReading {
  const byName = Map.groupBy(meters, ({ name }) => name);
  const twins = [...byName].filter(([, shown]) => shown.length > 1);
  return {
    meters: meters.filter(({ name }) => byName.get(name)?.length === 1),
    errors: [...errors, ...twins.map(([name, shown]) => sayTwins(name, shown))],
    notes,
  };
}

function sayTwins(name: string, shown: readonly Meter[]): string {
  return `${name}: expected one figure, got ${shown.map(({ used }) => `${used} % used`).join(" and ")}.`;
}

import type { PlannedUnit } from "./plan.ts";

/** Least and most of a count that a balanced design keeps alike. */
export interface Spread {
  readonly least: number;
  readonly most: number;
}

/** How evenly several providers are spread over periods, and over one another's heels. */
export interface RowBalance {
  /** How often a provider stands in a period. */
  readonly places: Spread;
  /** How often a provider directly follows another one. */
  readonly neighbours: Spread;
}

/** Counts what a Williams design keeps alike: over whole turns through its rows the spreads are 0. */
export function checkRows(units: readonly PlannedUnit[]): RowBalance {
  const rows = units.map(({ windows }) => windows.map(({ provider }) => provider));
  const providers = [...new Set(rows.flat())];
  const places = providers.flatMap((provider) =>
    providers.map((_, period) => rows.filter((row) => row[period] === provider).length),
  );
  const neighbours = providers.flatMap((provider) =>
    providers
      .filter((other) => other !== provider)
      .map((other) => rows.filter((row) => follows(row, provider, other)).length),
  );
  return { places: spreadOf(places), neighbours: spreadOf(neighbours) };
}

function follows(row: readonly string[], provider: string, other: string): boolean {
  const place = row.indexOf(provider);
  return place > 0 && row[place - 1] === other;
}

function spreadOf(counts: readonly number[]): Spread {
  return { least: Math.min(...counts), most: Math.max(...counts) };
}

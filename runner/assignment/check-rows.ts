import type { MatchedSet } from "./plan.ts";

/** The least and the most of counts that a balanced design keeps equal. */
export interface Spread {
  readonly least: number;
  readonly most: number;
}

/** How evenly providers are spread over periods and over predecessors. */
export interface RowBalance {
  /** How often a provider is in a period. */
  readonly places: Spread;
  /** How often a provider directly follows another one. */
  readonly neighbours: Spread;
}

/** Counts what a Williams design keeps equal. Over whole turns through its rows both spreads are 0. */
export function checkRows(sets: readonly MatchedSet[]): RowBalance {
  const rows = sets.map(({ windows }) => windows.map(({ provider }) => provider));
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

import type { MatchedSet } from "./plan.ts";

/** Counts what a Williams design keeps equal. Over whole turns through its rows both spreads are 0. */
export function checkRows(sets: readonly MatchedSet[]) {
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

function spreadOf(counts: readonly number[]) {
  return { least: Math.min(...counts), most: Math.max(...counts) };
}

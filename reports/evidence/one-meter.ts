import type { Meter } from "../../ledger/domain/meter.ts";
import { relateResets } from "../../ledger/invariants/same-reset.ts";
import type { SnapshotFact } from "../../ledger/views/experiment-fact.ts";

/** A meter as one provider's reading showed it. */
interface Shown {
  readonly provider: string;
  readonly at: string;
  readonly isTyped: boolean;
  readonly meter: Meter;
}

/**
 * Whether the percentages that several providers' readings show are those of one account. Two accounts of
 * one vendor have the same panes, so the figures must show it: in one period of a limit, each provider's
 * reading continues from what the other has used, and no reading goes back. A typed reading can show that
 * the accounts differ, and never that they are one. It says nothing in a period that no pane shows, so
 * that windows which it alone measures are not known to be of the account.
 */
export function showOneMeter(readings: readonly SnapshotFact[], compared: string | null): boolean {
  const steps = stepsOfMeters(readings);
  if (steps.some(({ goesBack }) => goesBack)) return false;
  if (steps.some(({ name, isTypedAlone }) => `${name} percent` === compared && isTypedAlone))
    return false;
  const captured = readings.filter(({ source }) => source !== "override");
  const providers = new Set(readings.map(({ provider }) => provider));
  const links = stepsOfMeters(captured).flatMap(({ handovers }) => handovers);
  return connected(links, captured[0]?.provider).size === providers.size;
}

function stepsOfMeters(readings: readonly SnapshotFact[]): readonly Steps[] {
  const shown = readings.flatMap(({ provider, captured_at: at, source, meters }) =>
    meters
      .filter(({ unit }) => unit === "percent")
      .map((meter) => ({ provider, at, isTyped: source === "override", meter })),
  );
  return [...Map.groupBy(shown, ({ meter }) => meter.name)].map(([name, own]) => ({
    name,
    ...stepsOf(own),
  }));
}

interface Steps {
  /** The meter's. */
  readonly name: string;
  readonly goesBack: boolean;
  /** Whether there is a period whose readings were all typed. */
  readonly isTypedAlone: boolean;
  /** Two providers: the second was read after the first had used something of the period. */
  readonly handovers: readonly (readonly [string, string])[];
}

/** The readings of one meter, in the order of their times. */
function stepsOf(shown: readonly Shown[]): Omit<Steps, "name"> {
  const periods = periodsOf(shown);
  const steps = periods.flatMap(([start, ...more]) =>
    more.map((one, index) => ({ start, last: more[index - 1] ?? start, one })),
  );
  return {
    goesBack: steps.some(({ last, one }) => one.meter.used < (last?.meter.used ?? 0)),
    handovers: steps.flatMap(({ start, last, one }) => {
      if (start === undefined || last === undefined) return [];
      const hasRisen = last.meter.used > start.meter.used;
      return hasRisen && one.provider !== last.provider ? [[last.provider, one.provider]] : [];
    }),
    isTypedAlone: periods.some((period) => period.every(({ isTyped }) => isTyped)),
  };
}

/** The readings by the period of the limit that they show. */
function periodsOf(shown: readonly Shown[]): readonly (readonly Shown[])[] {
  const periods: Shown[][] = [];
  for (const one of shown.toSorted((left, right) => (left.at < right.at ? -1 : 1))) {
    const last = periods.at(-1)?.at(-1);
    const isSame = last !== undefined && relateResets(last.meter, one.meter) === "same";
    if (isSame) periods.at(-1)?.push(one);
    else periods.push([one]);
  }
  return periods;
}

/** The providers that links lead to from a first one. */
function connected(
  links: readonly (readonly [string, string])[],
  first: string | undefined,
): ReadonlySet<string> {
  const found = new Set(first === undefined ? [] : [first]);
  for (let size = 0; size < found.size;) {
    size = found.size;
    for (const link of links) {
      if (link.some((provider) => found.has(provider))) for (const one of link) found.add(one);
    }
  }
  return found;
}

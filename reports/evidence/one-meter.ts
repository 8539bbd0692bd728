import type { Meter } from "../../ledger/domain/meter.ts";
import { relateResets } from "../../ledger/invariants/same-reset.ts";
import type { SnapshotFact } from "../../ledger/views/experiment-fact.ts";

/** A meter as one provider's reading showed it. */
interface Shown {
  readonly provider: string;
  readonly at: string;
  readonly meter: Meter;
}

/**
 * Whether the percentages that several providers' readings show are those of one account. Two accounts of
 * one vendor have the same panes, so the figures must show it: in one period of a limit, each provider's
 * reading continues from what the other has used, and no reading goes back. A typed reading can show that
 * the accounts differ, and never that they are one.
 */
export function showOneMeter(readings: readonly SnapshotFact[]): boolean {
  if (stepsOfMeters(readings).some(({ goesBack }) => goesBack)) return false;
  const captured = readings.filter(({ source }) => source !== "override");
  const providers = new Set(readings.map(({ provider }) => provider));
  const links = stepsOfMeters(captured).flatMap(({ handovers }) => handovers);
  return connected(links, captured[0]?.provider).size === providers.size;
}

function stepsOfMeters(readings: readonly SnapshotFact[]): readonly Steps[] {
  const shown = readings.flatMap(({ provider, captured_at: at, meters }) =>
    meters.filter(({ unit }) => unit === "percent").map((meter) => ({ provider, at, meter })),
  );
  return [...Map.groupBy(shown, ({ meter }) => meter.name).values()].map(stepsOf);
}

interface Steps {
  readonly goesBack: boolean;
  /** Two providers, the second of which was read after the first had used something of the period. */
  readonly handovers: readonly (readonly [string, string])[];
}

/** The readings of one meter, in the order of their times. */
function stepsOf(shown: readonly Shown[]): Steps {
  const ordered = shown.toSorted((left, right) => (left.at < right.at ? -1 : 1));
  const handovers: (readonly [string, string])[] = [];
  let goesBack = false;
  let [start] = ordered;
  let last = start;
  for (const one of ordered) {
    if (start === undefined || last === undefined) break;
    if (relateResets(last.meter, one.meter) === "same") {
      goesBack ||= one.meter.used < last.meter.used;
      const hasRisen = last.meter.used > start.meter.used;
      if (hasRisen && one.provider !== last.provider) handovers.push([last.provider, one.provider]);
    } else start = one;
    last = one;
  }
  return { goesBack, handovers };
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

import { canonicalSha256 } from "../../ledger/domain/canonical-sha256.ts";
import type { CandidateData } from "../evidence/resolved-pairs.ts";
import type { AnalysedWindow } from "../statistics/candidate/window.ts";
import { byCodeUnit } from "../statistics/randomisation/code-unit-order.ts";

const SIGNIFICANT_DIGITS = 12;

/**
 * SHA-256 (hex) over the sorted names and values of the windows of complete pairs. Looks at the same
 * data have the same hash. Numbers are rounded first, because their last bits differ between machines.
 */
export function fingerprintOf(
  { windows, candidate }: Pick<CandidateData, "windows" | "candidate">,
  baseline: string,
): string {
  const compared = windows.filter(({ provider }) => [baseline, candidate].includes(provider));
  const pairs = Map.groupBy(compared, ({ feature, replicate }) =>
    JSON.stringify([feature, replicate]),
  );
  const values = [...pairs.values()]
    .filter((pair) => new Set(pair.map(({ provider }) => provider)).size === 2)
    .flat()
    .map(textOf)
    .toSorted(byCodeUnit);
  return canonicalSha256(values);
}

const texts = new WeakMap<AnalysedWindow, string>();

function textOf(window: AnalysedWindow): string {
  const known = texts.get(window);
  if (known !== undefined) return known;
  const text = JSON.stringify(valuesOf(window));
  texts.set(window, text);
  return text;
}

function valuesOf(window: AnalysedWindow): readonly unknown[] {
  const { feature, replicate, provider, period, cost, quality, errors, requests } = window;
  const numbers = [cost, quality, errors, requests, ...(window.latenciesMs ?? [])];
  return [
    feature,
    replicate,
    provider,
    period,
    ...numbers.map((value) => value?.toPrecision(SIGNIFICANT_DIGITS) ?? null),
  ];
}

import { createHash } from "node:crypto";

import { canonicalJson } from "../../ledger/domain/canonical-json.ts";
import { oncePerObject } from "../evidence/once-per-object.ts";
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
  const compared = windows.filter(
    ({ provider }) => provider === baseline || provider === candidate,
  );
  const pairs = Map.groupBy(compared, pairKeyOf);
  const values = [...pairs.values()]
    .filter((pair) => new Set(pair.map(({ provider }) => provider)).size === 2)
    .flat()
    .map(textOf)
    .toSorted((left, right) => byCodeUnit(left.text, right.text))
    .map(({ json }) => json);
  // The canonical JSON of the list of texts: each text is written once, because every look needs all.
  return createHash("sha256")
    .update(`[${values.join(",")}]`)
    .digest("hex");
}

const pairKeyOf = oncePerObject(({ feature, replicate }: AnalysedWindow) =>
  JSON.stringify([feature, replicate]),
);

const textOf = oncePerObject((window: AnalysedWindow) => {
  const text = JSON.stringify(valuesOf(window));
  return { text, json: canonicalJson(text) };
});

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

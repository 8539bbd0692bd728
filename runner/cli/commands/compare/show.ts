import type {
  FeatureComparison,
  MatchedFeature,
  Vendors,
} from "../../../../reports/evidence/compare-features.ts";
import { formatCount, formatSignificant } from "../../../../reports/text/number-text.ts";
import { plainTable } from "../../../../reports/text/plain-table.ts";
import { toPlainLine } from "../../../../reports/text/plain-text.ts";

interface Sides {
  readonly baseline: string;
  readonly candidate: string;
}

interface ComparisonManner extends Sides {
  /** What a line is made from: the windows of a ledger, or the requests of telemetry. */
  readonly parts: keyof typeof PARTS;
  readonly columns: number | undefined;
}

const PARTS = {
  window:
    'A line has the mean of its windows, and "all" the sum of these means. "experiment report" says what they prove.',
  request:
    'A line has the sum of its requests, and "all" the sum of the lines. They prove nothing.',
} as const;

/** What two sides used for the same features. */
export function sayComparison(
  { matched, unmatched, totals, vendors }: FeatureComparison,
  { baseline, candidate, parts, columns }: ComparisonManner,
): string {
  const [one, other] = [toPlainLine(baseline), toPlainLine(candidate)];
  const tokens = [`${one} TOKENS`, `${other} TOKENS`];
  const head = ["FEATURE", "RATIO", ...tokens, "$ RATIO", `${one} $`, `${other} $`];
  const rows = [
    [...head, "WINDOWS"],
    ...matched.map((line) => [toPlainLine(line.feature), ...cellsOf(line)]),
    ["all", ...cellsOf(totals)],
  ];
  return [
    matched.length === 0
      ? `No feature was worked by both ${one} and ${other}.`
      : // All requests of a side are one use of their feature.
        plainTable(parts === "window" ? rows : rows.map((cells) => cells.slice(0, -1)), {
          columns,
        }),
    ...sayOnly(one, unmatched.baseline),
    ...sayOnly(other, unmatched.candidate),
    ...VENDORS[vendors],
    `A ratio is ${one} ÷ ${other}: above 1, ${other} took less. ${PARTS[parts]}`,
  ].join("\n");
}

const VENDORS: Readonly<Record<Vendors, readonly string[]>> = {
  one: [],
  several: ["Tokens have no ratio: the providers' vendors count tokens differently."],
  unknown: [
    "Different vendors count tokens differently. If the two have different vendors, compare dollars.",
  ],
};

/** A backend without a line is probably named wrongly. */
export function sayMissing(
  { baseline, candidate }: Sides,
  backends?: ReadonlySet<string>,
): string | undefined {
  if (backends === undefined) return undefined;
  const missing = [baseline, candidate].filter((name) => !backends.has(name));
  if (missing.length === 0) return undefined;
  const known = backends.size === 0 ? "no backend" : [...backends].toSorted().join(", ");
  return `Nothing was compared: no line is of ${toPlainLine(missing.join(" or "))}. The files have: ${toPlainLine(known)}.`;
}

function sayOnly(name: string, features: readonly string[]): readonly string[] {
  return features.length === 0
    ? []
    : [`Only ${name}: ${features.map((feature) => toPlainLine(feature)).join(", ")}`];
}

function cellsOf({
  baseline,
  candidate,
  tokens_ratio,
  usd_ratio,
}: Omit<MatchedFeature, "feature">) {
  return [
    formatSignificant(tokens_ratio),
    formatCount(baseline.tokens),
    formatCount(candidate.tokens),
    formatSignificant(usd_ratio),
    formatSignificant(baseline.usd),
    formatSignificant(candidate.usd),
    `${String(baseline.uses)}/${String(candidate.uses)}`,
  ];
}

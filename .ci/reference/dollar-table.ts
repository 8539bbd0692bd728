import { markdownTable } from "markdown-table";
import picomatch from "picomatch";
import { z } from "zod";

import recorded from "./recorded-dollars.json" with { type: "json" };
import type { RecordedRun } from "./recorded-runs.ts";

/** What ccusage finds in the session log of a run; a test asks it again. */
export const CCUSAGE_DOLLARS: Readonly<Record<string, number>> = z
  .record(z.string(), z.number())
  .parse(recorded.ccusage);

const HEAD = ["client and run", "shipped prices", "client", "ccusage", "why they differ"];
const SAME = 1e-9;

/** The dollars of recorded runs by our prices, by the client, and by ccusage. A difference needs its reason. */
export function dollarTable(runs: readonly RecordedRun[]): string {
  const unused = new Set(recorded.reasons);
  const rows = runs.flatMap(({ name, sources }) => {
    const [ours, ...others] = sources;
    if (ours?.dollars === undefined) return [];
    const client = others.map(({ dollars }) => dollars).find((one) => typeof one === "number");
    const ccusage = CCUSAGE_DOLLARS[name];
    const given = [client, ccusage].filter((one) => one !== undefined && one !== null);
    const isSame = given.every((one) => Math.abs(one - (ours.dollars ?? NaN)) < SAME);
    const reasons = recorded.reasons.filter(({ runs: own }) => picomatch.isMatch(name, own));
    if (isSame !== (reasons.length === 0))
      throw new Error(`${name}: expected a reason only for a difference.`);
    for (const reason of reasons) unused.delete(reason);
    const why = reasons.map(({ reason }) => reason).join(" ");
    return [[name, ...[ours.dollars, client, ccusage].map(sayDollars), why]];
  });
  if (unused.size > 0) throw new Error(`No run needs ${JSON.stringify([...unused])}.`);
  return markdownTable([HEAD, ...rows]);
}

function sayDollars(dollars: number | null | undefined): string {
  if (dollars === null) return "unknown";
  return dollars === undefined ? "–" : `$${dollars.toFixed(8)}`;
}

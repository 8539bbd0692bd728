import { sum } from "simple-statistics";
import type { z } from "zod";

import type { Outcome } from "../../ledger/domain/outcome.ts";
import { latestOf } from "../../ledger/views/experiment-fact.ts";
import { attemptsOf } from "../../ledger/views/progress.ts";
import type { ObservedWindow } from "../evidence/observe-windows.ts";
import { Count, exact, NumberOrNull } from "../evidence/schema.ts";

/** A rate without what the provider ended, and with that counted as failed work of quality 0. */
const BothWays = exact({ left_out: NumberOrNull, as_failures: NumberOrNull });

/** Rates of ends: those of windows, or those of all attempts. */
const Rates = exact({
  /** Ends with a valid grade. */
  graded: Count,
  /** Those of them with the outcome `pass`. */
  passed: Count,
  /** Ends as `provider_limit`. */
  at_limit: Count,
  /** Ends as `infrastructure`. */
  provider_failed: Count,
  pass_rate: BothWays,
  mean_quality: BothWays,
});
type Rates = z.infer<typeof Rates>;

/** Rates of one provider's windows and attempts. */
export const EndRates = exact({ windows: Rates, attempts: Rates });
export type EndRates = z.infer<typeof EndRates>;

/** How a window or an attempt ended. */
interface End {
  readonly outcome: Outcome;
  readonly quality: number | null;
  /** Whether the figures count it. */
  readonly isGraded: boolean;
}

/** Rates of one provider's windows and attempts, with what the provider itself ended and without. */
export function rateEnds(windows: readonly ObservedWindow[]): EndRates {
  const byWindow = windows.map(endsOf);
  return {
    windows: rate(byWindow.flatMap((ends) => ends.at(-1) ?? [])),
    attempts: rate(byWindow.flat()),
  };
}

/** The ends of a window's attempts, the last one at the end. */
function endsOf({ line, view }: ObservedWindow): readonly End[] {
  return attemptsOf(view).flatMap(({ finalized, interrupted }): readonly End[] => {
    const final = latestOf(finalized);
    if (final !== undefined) return [{ ...final, isGraded: line.state === "valid" }];
    const outcome = latestOf(interrupted)?.outcome;
    return outcome === undefined ? [] : [{ outcome, quality: null, isGraded: false }];
  });
}

function rate(ends: readonly End[]): Rates {
  const graded = ends.filter(({ isGraded }) => isGraded);
  const count = (among: readonly End[], wanted: Outcome) =>
    among.filter(({ outcome }) => outcome === wanted).length;
  const passed = count(graded, "pass");
  const quality = sum(graded.map((end) => end.quality ?? 0));
  const [limit, failed] = [count(ends, "provider_limit"), count(ends, "infrastructure")];
  const both = (part: number) => ({
    left_out: share(part, graded.length),
    as_failures: share(part, graded.length + limit + failed),
  });
  return {
    graded: graded.length,
    passed,
    at_limit: limit,
    provider_failed: failed,
    pass_rate: both(passed),
    mean_quality: both(quality),
  };
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

import { latestOf } from "../../ledger/views/experiment-fact.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { looksAt } from "../evidence/looks-at.ts";
import { candidateData } from "../evidence/resolved-pairs.ts";
import { LookFigures } from "../looks/look-figures.ts";
import { qualityAtAnyTime } from "../statistics/candidate/analyse-candidate.ts";
import type { LookEvidence, ReportData } from "./report-data.ts";

/** The evidence at every recorded look. */
export function listLooks({ asked, view }: Evidence): readonly LookEvidence[] {
  return asked.candidates.flatMap((candidate) =>
    looksAt(view, candidate).map(({ look, recorded_at }, index): LookEvidence => {
      const { logETarget, logESign, logEQuality } = LookFigures.parse(look.figures);
      return {
        candidate,
        number: index + 1,
        pairs: look.n_pairs,
        recorded_at,
        cost: toDecimal(logETarget),
        cost_sign: toDecimal(logESign),
        quality: toDecimal(logEQuality),
      };
    }),
  );
}

/** What quality looks like at any time of looking, for each candidate with a look. */
export function qualityAtLastLooks(evidence: Evidence): ReportData["quality_anytime"] {
  const { asked, view } = evidence;
  return asked.candidates.flatMap((candidate) => {
    const last = latestOf(looksAt(view, candidate));
    if (last === undefined) return [];
    const interval = qualityAtAnyTime({
      ...candidateData(evidence, candidate, last.look.n_pairs),
      baseline: asked.baseline ?? "",
      rootSeed: last.look.seed,
    });
    return interval === null ? [] : [{ candidate, ...interval }];
  });
}

function toDecimal(natural: number | null): number | null {
  return natural === null ? null : natural / Math.LN10;
}

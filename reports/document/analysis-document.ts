import { SHOWN } from "../gate/shown-verdict.ts";
import { figuresOf as figuresOfLook } from "../looks/figures-of-look.ts";
import { byPolicy } from "../looks/thresholds.ts";
import type { AnalysedCandidate, Analysis } from "../report/analyse-windows.ts";
import { fittedLine } from "../report/compare-costs.ts";
import { STATUS_REASONS } from "../report/estimate.ts";
import { explainReasons } from "../report/explain-decision.ts";
import { listCriteria } from "../report/gate-report.ts";
import { FIXED_95, say, sayInterval } from "../text/number-text.ts";
import {
  costExtras,
  decisionExtras,
  orderIntervals,
  qualityExtras,
  requestExtras,
  whyNoCarryover,
  whyNoOrder,
} from "./analysis-extras.ts";
import { armsPart } from "./cost-part.ts";
import type { Block, ReportDocument, Section } from "./document.ts";
import { criteriaTable, gateFigures, policyFigure } from "./gate-section.ts";
import { sourceLines } from "./gate-words.ts";
import { lookFigures, P95_NEEDS } from "./look-figures.ts";
import { METHOD } from "./method.ts";
import { figuresOf, listOf, numberColumn, tableOf, textOf } from "./parts.ts";
import { moreWindows, unmetTable } from "./unmet-conditions.ts";

/** What a file of windows says: the figures of a look, and more that no gate needs. */
export function analysisDocument(analysis: Analysis): ReportDocument {
  const { baseline, seed, windows, defaults, versions, multiArm, candidates } = analysis;
  const fit = multiArm === null ? [] : [{ multiArm, status: multiArm.status }];
  return {
    title: `Baseline ${baseline}, ${windows} windows, seed ${seed}`,
    warnings: [],
    sections: [
      ...candidates.map((one, index) => candidateSection(one, analysis, `-${index + 1}`)),
      ...fit.map(({ multiArm: model, status }) =>
        armsPart({
          status,
          windows,
          candidates: candidates.map(({ candidate }) => ({
            ...fittedLine(model, candidate),
            touched_by: [],
          })),
        }),
      ),
      {
        id: "sources",
        title: "How to compute the numbers again",
        blocks: listOf(sourceLines(seed, { Thresholds: defaults, Versions: versions })),
      },
    ],
  };
}

function candidateSection(one: AnalysedCandidate, analysis: Analysis, suffix: string): Section {
  const { baseline, candidate, problem } = one;
  const { gates } = analysis;
  const look = lookFigures(startFrom(figuresOfLook(one)), {
    thresholds: gates,
    why: reasonsOf(one),
    intervals: orderIntervals(one.cost),
  });
  const part = (id: string, title: string, blocks: readonly Block[]): Section => ({
    id: `${id}${suffix}`,
    title,
    about: candidate,
    blocks,
  });
  return {
    ...part("compared", `${baseline} ÷ ${candidate}`, [
      ...(problem === null ? [] : [textOf(`Nothing computed: ${problem}`)]),
      figuresOf(METHOD.order, [...look.pairs, ...countFigures(one)]),
      armTable(one, suffix),
    ]),
    parts: [
      part("cost", "Cost (baseline ÷ candidate: 2 means that the candidate needs half)", [
        figuresOf(METHOD.cost, [...look.cost, ...costExtras(one.cost, gates.cost_target)]),
      ]),
      part("quality", "Quality (candidate ÷ baseline)", [
        figuresOf(METHOD.cost, [...look.quality, ...qualityExtras(one.quality, gates.quality_min)]),
      ]),
      part("requests", "Errors and latency", [
        figuresOf(METHOD.errors, [...look.requests, ...requestExtras(one, gates.error_margin)]),
      ]),
      part("decision", "Decision on this one look", [
        figuresOf(METHOD.gates, [...look.power, ...decisionExtras(one)]),
        ...decisionBlocks(one, analysis, suffix),
      ]),
    ],
  };
}

type Figures = ReturnType<typeof figuresOfLook>;

/** Before the first pair there is no evidence either way: E = 1. */
function startFrom({ logE1, logETarget, logESign, ...figures }: Figures): Figures {
  return { ...figures, logE1: logE1 ?? 0, logETarget: logETarget ?? 0, logESign: logESign ?? 0 };
}

function reasonsOf({ cost, quality }: AnalysedCandidate) {
  return {
    cost: STATUS_REASONS[cost.rounds.status],
    totals: STATUS_REASONS[cost.unadjusted.status],
    order: whyNoOrder(cost),
    carryover: whyNoCarryover(cost),
    quality: quality.meanA === 0 ? "the baseline scores 0" : STATUS_REASONS[quality.status],
    requests: "no requests counted on both sides",
    p95: P95_NEEDS,
  };
}

function countFigures({ features, missingA, missingB, missingDifference }: AnalysedCandidate) {
  const { diff, newcombe95 } = missingDifference;
  return [
    {
      name: "Features",
      value: String(features),
      number: features,
      meaning: "The feature is the unit of inference.",
    },
    {
      name: "Missing windows",
      value: `baseline ${missingA}, candidate ${missingB}; share of the candidate less that of the baseline ${say(diff)} ${sayInterval(newcombe95, FIXED_95)}`,
      number: diff,
      meaning: "Windows that only the other provider has.",
    },
  ];
}

function armTable(
  { arms, errors, latency, baseline, candidate }: AnalysedCandidate,
  suffix: string,
): Block {
  const items = [
    { name: baseline, arm: arms.a, rate: errors.pA, p50: latency.p50A, p95: latency.p95A },
    { name: candidate, arm: arms.b, rate: errors.pB, p50: latency.p50B, p95: latency.p95B },
  ];
  type Arm = (typeof items)[number];
  const column = (title: string, meaning: string, read: (arm: Arm) => number | null) =>
    numberColumn<Arm>(title, meaning, { read, write: say, why: "none was measured" });
  return tableOf({
    id: `arms${suffix}`,
    items,
    columns: [
      { title: "Provider", isKey: true, cell: ({ name }) => name },
      numberColumn<Arm>("n", "Windows.", { read: ({ arm }) => arm.cost.n ?? 0 }),
      column("Cost mean", "Mean cost of a window.", ({ arm }) => arm.cost.mean),
      column("Cost geo mean", "Geometric mean of it.", ({ arm }) => arm.cost.geoMean),
      column("Quality", "Mean quality.", ({ arm }) => arm.quality.mean),
      column("Error rate", "Failed requests ÷ all.", ({ rate }) => rate),
      column("p50 ms", "Half of the requests were faster.", ({ p50 }) => p50),
      column("p95 ms", "95 % of the requests were faster.", ({ p95 }) => p95),
    ],
    meaning: "Both providers in the complete pairs.",
    method: METHOD.errors,
  });
}

/** The gates, the criteria, the verdicts, and what is still missing. */
function decisionBlocks(one: AnalysedCandidate, { gates }: Analysis, suffix: string) {
  const { candidate, decisions, look, projection, projectionConservative } = one;
  const { G1: g1, G2: g2, G3: g3, reasons } = decisions[gates.policy];
  const explained = explainReasons(reasons, {
    look,
    figures: figuresOfLook(one),
    gates,
    backlogReadyBlocked: 0,
  });
  const unmet = explained.map(({ moreWindows: more, ...reason }) => ({
    ...reason,
    more_windows: more,
  }));
  return [
    figuresOf(METHOD.gates, [
      ...gateFigures({ g1, g2, g3 }),
      policyFigure(byPolicy((policy) => SHOWN[decisions[policy].verdict])),
    ]),
    ...listOf(["A file knows no backlog, so G2 never holds here."]),
    criteriaTable({ criteria: listCriteria(look.criteria) }, suffix),
    unmetTable([{ candidate, unmet }], suffix),
    moreWindows({
      more_windows: {
        optimistic: projection?.extraWindows ?? null,
        conservative: projectionConservative?.extraWindows ?? null,
      },
    }),
  ];
}

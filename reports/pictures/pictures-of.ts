import type { PictureBlock } from "../document/document.ts";
import type { ReportData } from "../report/report-data.ts";
import { budgetPicture } from "./budget-burn-down.ts";
import { costAndQualityPicture } from "./cost-and-quality.ts";
import { evidencePicture } from "./evidence-over-looks.ts";
import { forestPicture } from "./forest.ts";
import { latencyPicture } from "./latency-by-backend.ts";
import { orderPicture } from "./order-effect.ts";
import { timelinePicture } from "./phase-timeline.ts";
import { emptyPicture } from "./picture-of.ts";
import { slopesPicture } from "./slopes.ts";
import { teamPicture } from "./team-timeline.ts";

/** The pictures of a report, which {@link renderSvg} draws. */
export interface ReportPictures {
  /** Four; with several candidates three for each of them, and one of all. */
  readonly evidence: readonly PictureBlock[];
  readonly annex: readonly PictureBlock[];
}

/** Every picture of a report, also those that have nothing to draw: they say why. */
export function picturesOf(report: ReportData): ReportPictures {
  const { candidates } = report.asked;
  const perCandidate = candidates.flatMap((candidate, index) => {
    const number = candidates.length === 1 ? "" : `-${String(index + 1)}`;
    return [
      slopesPicture(report, candidate, `slopes${number}`),
      forestPicture(report, candidate, `forest${number}`),
      evidencePicture(report, candidate, `evidence${number}`),
    ];
  });
  const compared = candidates.length === 0 ? NOTHING_COMPARED : perCandidate;
  return { evidence: [...compared, costAndQualityPicture(report)], annex: annexOf(report) };
}

function annexOf(report: ReportData): readonly PictureBlock[] {
  return [
    budgetPicture(report),
    latencyPicture(report),
    timelinePicture(report),
    ...(report.teams === null ? [] : [teamPicture(report)]),
    orderPicture(report),
  ];
}

const NOTHING_COMPARED: readonly PictureBlock[] = [
  { id: "slopes", title: "Cost of each task" },
  { id: "forest", title: "Cost, quality, errors and latency against their margins" },
  { id: "evidence", title: "Evidence over the looks" },
].map((named) => emptyPicture(named, "nothing is compared with a baseline"));

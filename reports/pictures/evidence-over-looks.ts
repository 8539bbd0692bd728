import type { PictureBlock } from "../document/document.ts";
import { METHOD } from "../document/method.ts";
import { numberColumn } from "../document/parts.ts";
import type { LookEvidence, ReportData } from "../report/report-data.ts";
import { countNoun, formatFixed, formatSignificant } from "../text/number-text.ts";
import { dashOf, DOTTED, layer, linearAxis, lineLayers } from "./layers.ts";
import { ink } from "./palette.ts";
import { emptyPicture, pictureOf } from "./picture-of.ts";
import { sampleEvenly, saySample } from "./sample-evenly.ts";
import { linearDomain, linearTicks } from "./scales.ts";
import { thresholdsOf } from "./thresholds-of.ts";
import { sayBound, wholeName } from "./words.ts";

const LOOKS_MAX = 300;
const WIDTH = 480;
/** Keeps the threshold off the picture's edge. */
const HEADROOM = 1.15;
/** Far below 0 nothing is decided: lower values are drawn here. */
const FLOOR = -3;

/** The evidence over the looks, with the threshold from which it confirms. */
export function evidencePicture(report: ReportData, candidate: string, id: string): PictureBlock {
  const title = `Evidence for ${wholeName(candidate)} over the looks`;
  const looks = report.looks.filter((look) => look.candidate === candidate);
  const series = questionsOf(report).filter(({ read }) =>
    looks.some((look) => read(look) !== null),
  );
  if (looks.length === 0) return emptyPicture({ id, title }, "no look has been taken");
  if (series.length === 0) return emptyPicture({ id, title }, "no look has an e-value");
  const threshold = thresholdOf(report);
  const bound = sayBound(report, candidate);
  return pictureOf({
    id,
    title,
    alternative: [
      bound,
      ...series.map((one) =>
        sayLast(one, looks, bound === "" || one.isOfQuality ? threshold : null),
      ),
      saySample(looks.length, LOOKS_MAX, "time"),
    ],
    specification: draw(looks, series, threshold),
    items: looks,
    columns: [
      numberColumn<LookEvidence>("Look", "The number of the look.", {
        read: ({ number }) => number,
      }),
      numberColumn<LookEvidence>("Pairs", "Complete pairs that the look counted.", {
        read: ({ pairs }) => pairs,
      }),
      ...series.map(({ name, read }) => ({
        title: `log10 E: ${name}`,
        isNumber: true,
        meaning:
          "The evidence for this claim: 0 is none, and at 1 the data are ten times likelier.",
        cell: (look: LookEvidence) => ({ text: formatSignificant(read(look)), sort: read(look) }),
      })),
    ],
    meaning: "Decimal logarithms of e-values, valid at any time of looking.",
    method: METHOD.intervals,
  });
}

interface Series {
  readonly name: string;
  readonly isOfQuality?: true;
  readonly read: (look: LookEvidence) => number | null;
}

function questionsOf(report: ReportData): readonly Series[] {
  const { cost, quality } = thresholdsOf(report);
  const target = cost === null ? "the cost target" : `a cost ratio of ${String(cost)}`;
  const share = quality === null ? "the quality" : `${String(quality)} of the quality`;
  return [
    { name: `more than ${target}`, read: (look) => look.cost },
    {
      name: `more than ${target}, by signs alone`,
      read: (look) => look.cost_sign,
    },
    { name: `keeps ${share}`, isOfQuality: true, read: (look) => look.quality },
  ];
}

/** From this on, the smallest e-value of several candidates confirms whatever the others say (Holm). */
function thresholdOf(report: ReportData): number | null {
  const { alpha } = thresholdsOf(report);
  return alpha === null ? null : Math.log10(report.comparisons.length / alpha);
}

function sayLast(
  { name, read }: Series,
  looks: readonly LookEvidence[],
  threshold: number | null,
): string {
  const known = looks.filter((look) => read(look) !== null);
  const last = known.at(-1);
  const value = last === undefined ? null : read(last);
  if (last === undefined || value === null) return `For "${name}" no look has an e-value.`;
  const at = `after ${countNoun(last.pairs, "pair")} (look ${String(last.number)})`;
  const text = `The evidence for "${name}" is log10 E = ${formatFixed(value, 2)} ${at}`;
  if (threshold === null) return `${text}.`;
  const isReached = value >= threshold;
  return `${text}, ${isReached ? "at or above" : "below"} the threshold of ${formatFixed(threshold, 2)}.`;
}

function draw(
  looks: readonly LookEvidence[],
  series: readonly Series[],
  threshold: number | null,
): PictureBlock["specification"] {
  const values = pointsOf(sampleEvenly(looks, LOOKS_MAX), series);
  const x = pairsAxis(values);
  const y = linearAxis({
    title: "evidence, log10 E (0: none)",
    domain: linearDomain([
      0,
      (threshold ?? 0) * HEADROOM,
      ...values.map(({ evidence }) => evidence),
    ]),
    format: "~r",
  });
  const place = { x: { ...x, field: "pairs" }, y: { ...y, field: "evidence" } };
  const level = { y: { ...y, field: "at" } };
  const limit = threshold === null ? [] : [{ at: threshold }];
  const said = threshold === null ? "" : `threshold ${formatFixed(threshold, 2)}`;
  return {
    width: WIDTH,
    height: 280,
    layer: [
      layer([{ at: 0 }], DOTTED, level),
      layer(limit, { type: "rule", color: ink, strokeWidth: 2 }, level),
      layer(
        limit,
        { type: "text", align: "left" },
        {
          ...level,
          x: { value: WIDTH + 6 },
          text: { value: said },
        },
      ),
      ...lineLayers(values, {
        field: "series",
        names: series.map(({ name }) => name),
        moments: looks.length,
        place,
      }),
    ],
  };
}

function pointsOf(looks: readonly LookEvidence[], series: readonly Series[]) {
  return series.flatMap(({ name, read }, index) =>
    looks.flatMap((look) => {
      const evidence = read(look);
      if (evidence === null) return [];
      const { pairs } = look;
      return [{ series: name, dash: dashOf(index), pairs, evidence: Math.max(evidence, FLOOR) }];
    }),
  );
}

function pairsAxis(points: readonly { readonly pairs: number }[]) {
  const domain = linearDomain([0, ...points.map(({ pairs }) => pairs)]);
  const values = linearTicks(domain).filter(Number.isInteger);
  return linearAxis({
    title: "complete pairs at the look",
    domain,
    format: ",d",
    axis: { values, grid: false },
  });
}

import type { Cell, PictureBlock, TableBlock } from "../document/document.ts";
import { FEW_PAIRS, FEW_REQUESTS, P95_NEEDS } from "../document/look-figures.ts";
import { METHOD } from "../document/method.ts";
import type { LookFigures } from "../looks/look-figures.ts";
import type { ReportData } from "../report/report-data.ts";
import { NO_ANYTIME } from "../text/no-anytime.ts";
import { say } from "../text/number-text.ts";
import { DASHED, dashOf, DOTTED, layer, linearAxis, logAxis, seriesOf } from "./layers.ts";
import { ink } from "./palette.ts";
import { emptyPicture } from "./picture-of.ts";
import { type Domain, linearDomain, logDomain } from "./scales.ts";
import { thresholdsOf } from "./thresholds-of.ts";
import { join, sayBound, wholeName } from "./words.ts";

type Limits = readonly [number | null, number | null] | null;

/** One criterion of the gates: its figure with intervals, and what it is held against. */
interface Criterion {
  readonly name: string;
  readonly unit: string;
  readonly value: number | null;
  /** Why there is no figure, or no interval of it. */
  readonly lacks: string;
  /** Valid if one look was planned; its level in percent. */
  readonly fixed: Limits;
  readonly level: number;
  /** Valid at any time of looking; null if there is none. */
  readonly anytime: Limits;
  readonly anytimeLacks: string;
  /** What no difference is. */
  readonly equal: number;
  readonly margin: number | null;
  /** Whether a larger figure is better for the candidate. */
  readonly isMoreBetter: boolean;
  readonly isLog: boolean;
}

/** Cost, quality, errors and p95 latency at the last look, each with its intervals and its margin. */
export function forestPicture(report: ReportData, candidate: string, id: string): PictureBlock {
  const title = `Cost, quality, errors and latency of ${wholeName(candidate)} against their margins`;
  const figures = report.gate?.candidates.find((one) => one.candidate === candidate)?.figures;
  if (figures === undefined || figures === null) {
    return emptyPicture({ id, title }, "no look has been taken");
  }
  const criteria = criteriaOf(report, candidate, figures);
  const known = criteria.filter(({ value }) => value !== null);
  if (known.length === 0) {
    return emptyPicture({ id, title }, "the last look has none of these figures");
  }
  return {
    kind: "picture",
    id,
    title,
    alternative: join(sayBound(report, candidate), ...criteria.map(sayCriterion)),
    specification: draw(known),
    data: dataOf(criteria, id),
  };
}

function criteriaOf(
  report: ReportData,
  candidate: string,
  figures: LookFigures,
): readonly Criterion[] {
  const all = thresholdsOf(report);
  const margins = sayBound(report, candidate) === "" ? all : { ...all, cost: null };
  const quality = report.quality_anytime.find((one) => one.candidate === candidate);
  return [...pairCriteria(figures, margins, quality), ...requestCriteria(figures, margins)];
}

type Margins = ReturnType<typeof thresholdsOf>;

function pairCriteria(
  figures: LookFigures,
  margins: Margins,
  quality: ReportData["quality_anytime"][number] | undefined,
): readonly Criterion[] {
  const alike = {
    level: 95,
    lacks: FEW_PAIRS,
    anytimeLacks: FEW_PAIRS,
    equal: 1,
    isMoreBetter: true,
  };
  return [
    {
      ...alike,
      name: "Cost",
      unit: "baseline ÷ candidate",
      value: figures.costRatio,
      fixed: figures.costRatioCi95,
      anytime: bounded(figures.costRatioCs95),
      margin: margins.cost,
      isLog: true,
    },
    {
      ...alike,
      name: "Quality",
      unit: "candidate ÷ baseline",
      value: figures.qualityRatio,
      fixed: figures.qualityRatioCi95,
      anytime: quality === undefined ? null : [quality.lower, quality.upper],
      margin: margins.quality,
      isLog: false,
    },
  ];
}

function requestCriteria(figures: LookFigures, margins: Margins): readonly Criterion[] {
  const alike = { level: 90, anytime: null, isMoreBetter: false };
  return [
    {
      ...alike,
      name: "Errors",
      unit: "candidate − baseline, share of requests",
      value: figures.errorDifference,
      fixed: figures.errorDifferenceCi90,
      lacks: FEW_REQUESTS,
      anytimeLacks: NO_ANYTIME.errors,
      equal: 0,
      margin: margins.errors,
      isLog: false,
    },
    {
      ...alike,
      name: "p95 latency",
      unit: "candidate ÷ baseline",
      value: figures.latencyRatio,
      fixed: figures.latencyRatioCi90,
      lacks: figures.latencyRatio === null ? P95_NEEDS : FEW_REQUESTS,
      anytimeLacks: NO_ANYTIME.latency,
      equal: 1,
      margin: margins.latency,
      isLog: true,
    },
  ];
}

/** `Cost 2.178 (95 % 1.35 to 3.5 …): meets its margin of at least 2, and so does its whole interval.` */
function sayCriterion(criterion: Criterion): string {
  const { name, value, margin, lacks } = criterion;
  if (value === null) return `${name}: no figure (${lacks}).`;
  return `${name} (${criterion.unit}): ${sayLimits(criterion)}${margin === null ? "" : `; ${sayMargin(criterion, value, margin)}`}.`;
}

/** As in the answer, it is an interval only if it has both limits. */
function bounded(limits: Limits): Limits {
  return limits?.[0] === null || limits?.[1] === null ? null : limits;
}

function sayLimits(criterion: Criterion): string {
  const { value, lacks, fixed, level, anytime, anytimeLacks } = criterion;
  const domain = domainOf(criterion);
  const sayDrawn = (limits: NonNullable<Limits>) =>
    `${sayBetween(limits)}${cutsOf(limits, domain).length === 0 ? "" : ", which goes beyond the axis"}`;
  const intervals = [
    fixed === null
      ? `no ${String(level)} % fixed-n interval: ${lacks}`
      : `${String(level)} % fixed-n ${sayDrawn(fixed)}`,
    anytime === null
      ? `no 95 % anytime-valid interval: ${anytimeLacks}`
      : `95 % anytime-valid ${sayDrawn(anytime)}`,
  ];
  return `${say(value)} (${intervals.join("; ")})`;
}

function sayBetween([lower, upper]: NonNullable<Limits>): string {
  return `${lower === null ? "unbounded" : say(lower)} to ${upper === null ? "unbounded" : say(upper)}`;
}

function sayMargin({ fixed, isMoreBetter }: Criterion, value: number, margin: number): string {
  const isWithin = (figure: number) => (isMoreBetter ? figure >= margin : figure <= margin);
  const asked = `its margin of ${isMoreBetter ? "at least" : "at most"} ${String(margin)}`;
  if (fixed === null) {
    return `it ${isWithin(value) ? "meets" : "misses"} ${asked}, without an interval`;
  }
  const [lower, upper] = fixed;
  const isWhole = [lower ?? -Infinity, upper ?? Infinity].map(isWithin);
  if (!isWhole.includes(false)) return `the whole fixed-n interval meets ${asked}`;
  if (!isWhole.includes(true)) return `the whole fixed-n interval misses ${asked}`;
  return `the fixed-n interval includes ${asked}`;
}

const DATA_COLUMNS = [
  ["Value", "The figure at the last look."],
  ["Margin", "What the gates ask for: at least for cost and quality, at most for the others."],
  ["Level", "The level of the interval that holds for one look."],
  ["Lower", "Its lower limit."],
  ["Upper", "Its upper limit."],
  ["Anytime lower", "The lower limit of the 95 % interval that holds at every look."],
  ["Anytime upper", "The upper limit of the same interval."],
] as const;

function dataOf(criteria: readonly Criterion[], id: string): TableBlock {
  return {
    kind: "table",
    id: `${id}-data`,
    columns: [
      { title: "Criterion" },
      { title: "What" },
      ...DATA_COLUMNS.map(([title, meaning]) => ({ title, meaning, isNumber: true })),
    ],
    rows: criteria.map(({ lacks, anytimeLacks, ...one }) => [
      one.name,
      one.unit,
      figureCell(one.value, lacks),
      figureCell(one.margin, "no margin"),
      `${String(one.level)} %`,
      ...limitCells(one.fixed, lacks),
      ...limitCells(one.anytime, anytimeLacks),
    ]),
    meaning: "Figures of the last look. The anytime-valid intervals are at 95 %.",
    method: METHOD.intervals,
  };
}

const FIXED = "interval for one planned look (fixed-n)";
const ANYTIME = "interval at any time of looking (anytime-valid)";
const KINDS = [FIXED, ANYTIME];
const WIDTH = 560;
/** How far an interval may stretch an axis, as a multiple of what it has to show. */
const STRETCH = 4;

function draw(criteria: readonly Criterion[]): PictureBlock["specification"] {
  return {
    vconcat: criteria.map(strip),
    spacing: 18,
    resolve: {
      scale: { x: "independent", color: "shared", shape: "shared" },
    },
  };
}

/** In every strip the right side is better for the candidate. */
function strip(criterion: Criterion) {
  const { name, value, margin, equal, isMoreBetter, isLog } = criterion;
  const domain = domainOf(criterion);
  const parts = { title: null, domain, format: ".3~r", scale: { reverse: !isMoreBetter } };
  const x = isLog ? logAxis(parts) : linearAxis({ ...parts, axis: { labelOverlap: false } });
  const y = { field: "kind", type: "nominal", scale: { domain: KINDS, padding: 0.2 }, axis: null };
  const { color, shape } = seriesOf("kind", KINDS);
  const at = { x: { ...x, field: "at" } };
  const intervals = intervalsOf(criterion, domain);
  return {
    width: WIDTH,
    height: 44,
    title: { text: `${name}: ${say(value)}`, subtitle: sayStrip(criterion), offset: 6 },
    layer: [
      layer([{ at: equal }], DOTTED, at),
      layer(
        margin === null ? [] : [{ at: margin }],
        { type: "rule", color: ink, strokeWidth: 2 },
        at,
      ),
      layer(
        intervals,
        { type: "rule", strokeWidth: 3 },
        {
          x: { ...x, field: "lower" },
          x2: { field: "upper" },
          y,
          color,
          strokeDash: DASHED,
        },
      ),
      layer(
        intervals,
        { type: "point", size: 90 },
        { x: { ...x, field: "value" }, y, color, shape },
      ),
      ...(["left", "right"] as const).map((side) =>
        layer(
          cutAt(side, criterion, domain),
          { type: "point", shape: `triangle-${side}`, size: 90 },
          { x: { ...x, field: "at" }, y, color },
        ),
      ),
    ],
  };
}

function sayAxis({ unit, margin, isMoreBetter }: Criterion): string {
  const asked =
    margin === null
      ? "no margin"
      : `margin ${isMoreBetter ? "at least" : "at most"} ${String(margin)}`;
  return `${unit}; ${asked}; better to the right`;
}

function sayStrip(criterion: Criterion): readonly string[] {
  const { anytime, anytimeLacks } = criterion;
  const lacking = anytime === null ? [`no anytime-valid interval: ${anytimeLacks}`] : [];
  return [sayAxis(criterion), ...lacking];
}

/** The figure is in the row of each interval, and in the first row if there is none. */
function rowsOf({ value, fixed, anytime }: Criterion) {
  return [
    { kind: FIXED, limits: fixed ?? ([value, value] as const) },
    ...(anytime === null ? [] : [{ kind: ANYTIME, limits: anytime }]),
  ];
}

/** The ends of the axis that an interval goes beyond. */
function cutsOf([lower, upper]: NonNullable<Limits>, [low, high]: Domain): readonly number[] {
  return [
    ...((lower ?? -Infinity) < low ? [low] : []),
    ...((upper ?? Infinity) > high ? [high] : []),
  ];
}

/** The intervals that go beyond one side of the picture. */
function cutAt(side: "left" | "right", criterion: Criterion, domain: Domain) {
  const isHigh = (side === "right") === criterion.isMoreBetter;
  return rowsOf(criterion).flatMap(({ kind, limits }) =>
    cutsOf(limits, domain)
      .filter((at) => at === domain[isHigh ? 1 : 0])
      .map((at) => ({ kind, at })),
  );
}

function intervalsOf(criterion: Criterion, domain: Domain) {
  const { value } = criterion;
  return rowsOf(criterion).map(({ kind, limits: [lower, upper] }) => ({
    kind,
    dash: dashOf(KINDS.indexOf(kind)),
    value,
    lower: Math.max(lower ?? domain[0], domain[0]),
    upper: Math.min(upper ?? domain[1], domain[1]),
  }));
}

/** All that counts, and of a very wide interval as much as leaves the rest readable. */
function domainOf({ value, fixed, anytime, equal, margin, isLog }: Criterion): Domain {
  const core = [value, equal, margin, ...(fixed ?? [])].filter((one) => one !== null);
  const wide = [anytime?.[0] ?? null, anytime?.[1] ?? null].filter((one) => one !== null);
  if (!isLog) {
    const [low, high] = linearDomain(core);
    const room = (high - low) * STRETCH;
    return linearDomain([
      ...core,
      ...wide.map((one) => Math.min(Math.max(one, low - room), high + room)),
    ]);
  }
  const positive = core.filter((one) => one > 0);
  const [low, high] = logDomain(positive);
  const room = (high / low) ** 2;
  return logDomain([
    ...positive,
    ...wide.map((one) => Math.min(Math.max(one, low / room), high * room)),
  ]);
}

function figureCell(value: number | null, why: string) {
  return { text: value === null ? `n/a (${why})` : say(value), sort: value };
}

/** A limit can be missing though its interval is there. */
function limitCells(limits: Limits, why: string): readonly Cell[] {
  if (limits === null) return [figureCell(null, why), figureCell(null, why)];
  return limits.map((limit) =>
    limit === null ? { text: "unbounded", sort: null } : figureCell(limit, why),
  );
}

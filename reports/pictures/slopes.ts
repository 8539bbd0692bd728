import type { PictureBlock } from "../document/document.ts";
import { METHOD } from "../document/method.ts";
import { numberColumn } from "../document/parts.ts";
import type { Comparison } from "../report/comparison-data.ts";
import { type EstimateData, ratioText } from "../report/estimate.ts";
import type { ReportData } from "../report/report-data.ts";
import { costText } from "../text/amount-text.ts";
import { countNoun, formatSignificant } from "../text/number-text.ts";
import { toPlainLine } from "../text/plain-text.ts";
import { costAxis, DASHED, dashOf, DOTTED, layer, logAxis, seriesOf } from "./layers.ts";
import { ink } from "./palette.ts";
import { emptyPicture, pictureOf } from "./picture-of.ts";
import { sampleEvenly, saySample } from "./sample-evenly.ts";
import { type Domain, logDomain } from "./scales.ts";
import { costsByTask, ratioOf, type TaskCost, meanCost } from "./task-values.ts";
import { thresholdsOf } from "./thresholds-of.ts";
import { distinctNames, sayBound, wholeName } from "./words.ts";

const LINES_MAX = 100;
const THIN_FROM = 40;
const HEIGHT = 320;
const ORDERS = { AB: "baseline first (AB)", BA: "candidate first (BA)" } as const;
/** Two names fit next to each other. */
const NAME_MAX = 16;
/** The places of both providers on the first axis, in pixels. */
const PLACES = { baseline: 70, candidate: 250 };
/** How far an interval may stretch the axis beyond the costs, as a factor. */
const STRETCH = 4;

/** What each task cost by both providers, next to their mean ratio with its interval on an aligned axis. */
export function slopesPicture(report: ReportData, candidate: string, id: string): PictureBlock {
  const { asked } = report;
  const names = {
    baseline: wholeName(asked.baseline ?? "the baseline"),
    candidate: wholeName(candidate),
  };
  const title = `Cost of each task, ${names.baseline} to ${names.candidate}`;
  const comparison = report.comparisons.find((one) => one.candidate === candidate);
  if (comparison === undefined) {
    return emptyPicture({ id, title }, "manual windows have no planned pairs");
  }
  const ratio = primaryRatio(comparison);
  const tasks = asked.is_cost_comparable ? costsByTask(report, candidate) : [];
  if (tasks.length === 0) return emptyPicture({ id, title }, ratio.reason ?? "no complete pair");
  const cost = (value: number) => costText(value, asked.cost_measure);
  const bound = sayBound(report, candidate);
  return pictureOf({
    id,
    title,
    alternative: [
      bound === "" ? sayTasks(tasks, names) : bound,
      `The mean cost ratio, baseline ÷ candidate${report.arms === null ? "" : ", in one model of all providers"}, is ${ratioText(ratio)}.`,
      saySample(tasks.length, LINES_MAX, "ratio"),
    ],
    specification: draw({ tasks, ratio, names, report }),
    items: tasks,
    columns: [
      { title: "Task", cell: ({ task }) => toPlainLine(task) },
      { title: "Order", cell: ({ sequence }) => sequence },
      numberColumn<TaskCost>("Baseline", "What the task cost the baseline.", {
        read: (task) => task.baseline,
        write: cost,
      }),
      numberColumn<TaskCost>("Candidate", "What the task cost the candidate.", {
        read: (task) => task.candidate,
        write: cost,
      }),
      numberColumn<TaskCost>("Ratio", "Baseline ÷ candidate; above 1 the candidate is cheaper.", {
        read: ratioOf,
        write: formatSignificant,
      }),
    ],
    meaning: "Geometric means over a task's complete pairs in one order.",
    method: METHOD.cost,
  });
}

/** Adjusted for order, if there is such a ratio. */
function primaryRatio(comparison: Comparison): EstimateData {
  const { adjusted_cost_ratio: adjusted, cost_ratio: plain } = comparison;
  return adjusted.value === null ? plain : adjusted;
}

interface Names {
  readonly baseline: string;
  readonly candidate: string;
}

function sayTasks(tasks: readonly TaskCost[], { baseline, candidate }: Names): string {
  const cheaper = tasks.filter((task) => ratioOf(task) > 1).length;
  const orders = (["AB", "BA"] as const).map((order) => {
    const own = tasks.filter(({ sequence }) => sequence === order);
    const less = own.filter((task) => ratioOf(task) > 1).length;
    return `${String(less)} of ${String(own.length)} with the ${ORDERS[order].replace(/ \(.*/u, "")}`;
  });
  return `${candidate} cost less than ${baseline} in ${String(cheaper)} of ${countNoun(tasks.length, "task")}: ${orders.join(", ")}.`;
}

interface Drawn {
  readonly tasks: readonly TaskCost[];
  readonly ratio: EstimateData;
  readonly names: Names;
  readonly report: ReportData;
}

function draw(drawn: Drawn): PictureBlock["specification"] {
  const { tasks, ratio, report } = drawn;
  const mean = meanCost(tasks.map(({ baseline }) => baseline));
  const costs = tasks.flatMap(({ baseline, candidate }) => [baseline, candidate]);
  const [low, high] = logDomain(costs);
  const stretched = [ratio.value, ratio.ci95?.lower, ratio.ci95?.upper]
    .map((value) => mean / (value ?? 1))
    .map((cost) => Math.min(Math.max(cost, low / STRETCH), high * STRETCH));
  const domain = logDomain([...costs, ...stretched]);
  return {
    hconcat: [slopes(drawn, domain, report), ratioAxis(drawn, mean, domain)],
    spacing: 24,
  };
}

function slopes({ tasks, names }: Drawn, domain: Domain, { asked }: ReportData) {
  const lines = sampleEvenly(tasks, LINES_MAX).map(({ sequence, baseline, candidate }) => ({
    order: ORDERS[sequence],
    dash: dashOf(sequence === "AB" ? 0 : 1),
    baseline,
    candidate,
  }));
  const y = costAxis(asked, domain);
  const { color, shape } = seriesOf("order", Object.values(ORDERS));
  const from = { ...y, field: "baseline" };
  const [baseline = "", candidate = ""] = distinctNames(
    [names.baseline, names.candidate],
    NAME_MAX,
  );
  const shown: Names = { baseline, candidate };
  const nameAt = (provider: keyof Names) =>
    layer(
      [{}],
      { type: "text", align: "center", fontWeight: "bold" },
      {
        x: { value: PLACES[provider] },
        y: { value: -10 },
        text: { value: shown[provider] },
      },
    );
  const pointAt = (provider: keyof Names) => ({
    mark: { type: "point" },
    encoding: { x: { value: PLACES[provider] }, y: { ...y, field: provider }, color, shape },
  });
  return {
    width: PLACES.baseline + PLACES.candidate,
    height: HEIGHT,
    data: { values: lines },
    layer: [
      {
        mark: { type: "rule", strokeWidth: lines.length > THIN_FROM ? 1 : 1.5 },
        encoding: {
          x: { value: PLACES.baseline },
          x2: { value: PLACES.candidate },
          y: from,
          y2: { field: "candidate" },
          color,
          strokeDash: DASHED,
        },
      },
      pointAt("baseline"),
      pointAt("candidate"),
      nameAt("baseline"),
      nameAt("candidate"),
    ],
  };
}

/** The ratio is the distance from the baseline's mean: an axis of ratios fits next to the axis of costs. */
function ratioAxis({ ratio, report }: Drawn, mean: number, [low, high]: Domain) {
  const domain: Domain = [mean / high, mean / low];
  const clamp = (value: number) => Math.min(Math.max(value, domain[0]), domain[1]);
  const y = logAxis({
    title: "mean cost ratio, baseline ÷ candidate",
    domain,
    format: ".3~r",
    axis: { orient: "right" },
    scale: { reverse: true },
  });
  const target = thresholdsOf(report).cost;
  const lines = [
    { at: 1, name: "equal cost" },
    ...(target === null ? [] : [{ at: target, name: `target ${String(target)}` }]),
  ].filter(({ at }) => at >= domain[0] && at <= domain[1]);
  const at = { ...y, field: "at" };
  const x = { value: 100 };
  const { value, ci95 } = ratio;
  const limits = ci95 === null ? [] : [{ lower: clamp(ci95.lower), upper: clamp(ci95.upper) }];
  const point = value === null ? [] : [{ value: clamp(value) }];
  return {
    width: 130,
    height: HEIGHT,
    layer: [
      layer(lines, DOTTED, { y: at }),
      layer(
        lines,
        { type: "text", align: "left", dy: -6, fontSize: 11 },
        {
          x: { value: 2 },
          y: at,
          text: { field: "name" },
        },
      ),
      layer(
        limits,
        { type: "rule", strokeWidth: 3, color: ink },
        {
          x,
          y: { ...y, field: "lower" },
          y2: { field: "upper" },
        },
      ),
      layer(
        point,
        { type: "point", shape: "diamond", size: 80, color: ink },
        {
          x,
          y: { ...y, field: "value" },
        },
      ),
    ],
  };
}

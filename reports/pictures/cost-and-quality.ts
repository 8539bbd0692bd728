import { average } from "simple-statistics";

import type { PictureBlock } from "../document/document.ts";
import { METHOD } from "../document/method.ts";
import { numberColumn } from "../document/parts.ts";
import type { ReportData } from "../report/report-data.ts";
import { costText } from "../text/amount-text.ts";
import { formatFixed } from "../text/number-text.ts";
import { toPlainLine } from "../text/plain-text.ts";
import { costAxis, layer, linearAxis, seriesOf } from "./layers.ts";
import { ink } from "./palette.ts";
import { emptyPicture, pictureOf } from "./picture-of.ts";
import { sampleEvenly, saySample } from "./sample-evenly.ts";
import { logDomain } from "./scales.ts";
import { type TaskWork, worksByTask, meanCost } from "./task-values.ts";
import { distinctNames, sayBound, sayCost, wholeName } from "./words.ts";

const ID = "cost-quality";
const TITLE = "Cost against quality, one point for each task and provider";
/** Over all providers together. */
const POINTS_MAX = 800;

/** A provider's place: the means over its tasks. */
interface Arm {
  /** As the picture shows it. */
  readonly name: string;
  readonly whole: string;
  readonly works: readonly TaskWork[];
  readonly cost: number;
  readonly quality: number;
}

/**
 * Cost against quality: a small mark for each task, a large one for each provider's means, and the Pareto
 * front through the providers that no other beats in both.
 */
export function costAndQualityPicture(report: ReportData): PictureBlock {
  const { asked } = report;
  if (!asked.is_cost_comparable) {
    return emptyPicture({ id: ID, title: TITLE }, "the providers' costs can't be compared");
  }
  const arms = armsOf(report);
  if (arms.length === 0) {
    return emptyPicture({ id: ID, title: TITLE }, "no window has both a cost and a quality");
  }
  const bound = asked.candidates.map((one) => sayBound(report, one)).find((said) => said !== "");
  const front = bound === undefined ? paretoFront(arms) : [];
  const most = Math.floor(POINTS_MAX / arms.length);
  const largest = Math.max(...arms.map(({ works }) => works.length));
  return pictureOf({
    id: ID,
    title: TITLE,
    alternative: [
      ...arms.map((arm) => sayArm(arm, report)),
      bound ?? sayFront(arms, front),
      saySample(largest, most, "cost"),
    ],
    specification: draw(arms, front, report),
    items: arms.flatMap(({ works }) => works),
    columns: [
      { title: "Task", cell: ({ task }) => toPlainLine(task) },
      { title: "Provider", cell: ({ provider }) => toPlainLine(provider) },
      numberColumn<TaskWork>("Cost", "In the registered measure.", {
        read: ({ cost }) => cost,
        write: (cost) => costText(cost, asked.cost_measure),
      }),
      numberColumn<TaskWork>("Quality", "From 0 to 1, by the registered rule.", {
        read: ({ quality }) => quality,
        write: (quality) => formatFixed(quality, 3),
      }),
    ],
    meaning: "Over a task's valid windows: the geometric mean of cost and the mean of quality.",
    method: METHOD.cost,
  });
}

function armsOf(report: ReportData): readonly Arm[] {
  const providers = report.asked.providers.map(({ provider }) => provider);
  const names = distinctNames(providers);
  return providers.flatMap((provider, index) => {
    const works = worksByTask(report, provider);
    if (works.length === 0) return [];
    const cost = meanCost(works.map((work) => work.cost));
    const quality = average(works.map((work) => work.quality));
    return [{ name: names[index] ?? provider, whole: wholeName(provider), works, cost, quality }];
  });
}

/** The providers that no other beats: at most as dear and at least as good. Cheapest first. */
function paretoFront<Place extends Pick<Arm, "cost" | "quality">>(
  arms: readonly Place[],
): readonly Place[] {
  return arms
    .filter(
      (arm) =>
        !arms.some(
          (other) =>
            other.cost <= arm.cost &&
            other.quality >= arm.quality &&
            (other.cost < arm.cost || other.quality > arm.quality),
        ),
    )
    .toSorted((left, right) => left.cost - right.cost);
}

function sayArm({ whole, works, cost, quality }: Arm, { asked }: ReportData): string {
  return `${whole}: mean quality ${formatFixed(quality, 3)} at a geometric mean cost of ${sayCost(cost, asked)} (tasks: ${String(works.length)}).`;
}

function sayFront(arms: readonly Arm[], front: readonly Arm[]): string {
  if (arms.length === 1) return "";
  const names = front.map(({ whole }) => whole).join(", ");
  return front.length === arms.length
    ? `No provider beats another in both cost and quality: the front is ${names}.`
    : `On the Pareto front: ${names}. Each of the others is beaten in one and at best equal in the other.`;
}

function draw(
  arms: readonly Arm[],
  front: readonly Arm[],
  { asked }: ReportData,
): PictureBlock["specification"] {
  const most = Math.floor(POINTS_MAX / arms.length);
  const points = arms.flatMap(({ name, works }) =>
    sampleEvenly(works, most).map(({ cost, quality }) => ({ provider: name, cost, quality })),
  );
  const means = arms.map(({ name, cost, quality }) => ({ provider: name, cost, quality }));
  const domain = logDomain([...points, ...means].map(({ cost }) => cost));
  const x = { ...costAxis(asked, domain), field: "cost" };
  const y = {
    ...linearAxis({
      title: "quality",
      domain: [-0.04, 1.06],
      format: ".2f",
      axis: { values: [0, 0.25, 0.5, 0.75, 1] },
    }),
    field: "quality",
  };
  const { color, shape } = seriesOf(
    "provider",
    arms.map(({ name }) => name),
  );
  const places = front.map(({ cost, quality }) => ({ cost, quality }));
  return {
    width: 540,
    height: 320,
    layer: [
      layer(points, SMALL, { x, y, color, shape }),
      layer(places, FRONT, { x, y }),
      layer(means, LARGE, { x, y, color, shape }),
    ],
  };
}

const SMALL = { type: "point", filled: false, size: 36, strokeWidth: 1.2 };
const LARGE = { type: "point", size: 220, stroke: ink, strokeWidth: 1.5 };
const FRONT = {
  type: "line",
  color: ink,
  interpolate: "step-after",
  strokeDash: [5, 3],
  strokeWidth: 1.5,
};

import type { PictureBlock } from "../document/document.ts";
import { METHOD } from "../document/method.ts";
import { numberColumn } from "../document/parts.ts";
import { ratioText } from "../report/estimate.ts";
import type { ReportData } from "../report/report-data.ts";
import { costText } from "../text/amount-text.ts";
import { costAxis, DASHED, dashOf, layer, seriesOf } from "./layers.ts";
import { emptyPicture, pictureOf } from "./picture-of.ts";
import { logDomain } from "./scales.ts";
import { costsByTask, type TaskCost, meanCost } from "./task-values.ts";
import { distinctNames, sayCost, wholeName } from "./words.ts";

const ID = "order-effect";
const TITLE = "Cost when a provider works first and when it works second";
const PLACES = ["first", "second"] as const;

interface Mean {
  readonly provider: string;
  readonly place: (typeof PLACES)[number];
  readonly cost: number;
  readonly tasks: number;
}

/** The mean cost of both providers by their place: parallel lines mean that order affects both alike. */
export function orderPicture(report: ReportData): PictureBlock {
  const { asked, comparisons } = report;
  const [comparison, ...others] = comparisons;
  if (comparison === undefined) {
    return emptyPicture({ id: ID, title: TITLE }, "no pairs were planned");
  }
  if (others.length > 0) return emptyPicture({ id: ID, title: TITLE }, "more than two providers");
  const { candidate, order_effect: effect } = comparison;
  const names = [asked.baseline ?? "the baseline", candidate].map(wholeName);
  const tasks = asked.is_cost_comparable ? costsByTask(report, candidate) : [];
  const means = meansOf(tasks, names);
  if (new Set(means.map(({ place }) => place)).size < 2 || means.length < 2 * PLACES.length) {
    const why =
      tasks.length === 0 ? (effect.reason ?? "no complete pair") : "all pairs in one order";
    return emptyPicture({ id: ID, title: TITLE }, why);
  }
  return pictureOf({
    id: ID,
    title: TITLE,
    alternative: [
      ...means.map(
        ({ provider, place, cost }) => `${provider}: ${sayCost(cost, asked)} when ${place}.`,
      ),
      `The cost of the first window ÷ that of the second is ${ratioText(effect)}.`,
    ],
    specification: draw(means, names, report),
    items: means,
    columns: [
      { title: "Provider", cell: ({ provider }) => provider },
      { title: "Place", cell: ({ place }) => place },
      numberColumn<Mean>("Tasks", "Tasks that the provider worked in this place.", {
        read: (mean) => mean.tasks,
      }),
      numberColumn<Mean>("Mean cost", "Their geometric mean, in the registered measure.", {
        read: ({ cost }) => cost,
        write: (cost) => costText(cost, asked.cost_measure),
      }),
    ],
    meaning: "Geometric means over the tasks in complete pairs.",
    method: METHOD.order,
  });
}

function meansOf(tasks: readonly TaskCost[], names: readonly string[]): readonly Mean[] {
  return (["baseline", "candidate"] as const).flatMap((arm, index) =>
    PLACES.flatMap((place) => {
      const sequence = (arm === "baseline") === (place === "first") ? "AB" : "BA";
      const own = tasks.filter((task) => task.sequence === sequence);
      if (own.length === 0) return [];
      const cost = meanCost(own.map((task) => task[arm]));
      return [{ provider: names[index] ?? arm, place, cost, tasks: own.length }];
    }),
  );
}

function draw(
  means: readonly Mean[],
  names: readonly string[],
  { asked }: ReportData,
): PictureBlock["specification"] {
  const shown = distinctNames(names);
  const values = means.map((mean) => {
    const index = names.indexOf(mean.provider);
    return { ...mean, provider: shown[index], dash: dashOf(index) };
  });
  const x = {
    field: "place",
    type: "ordinal",
    title: "the provider's window of the pair",
    sort: null,
    scale: { domain: PLACES },
    axis: { labelAngle: 0 },
  };
  const y = { ...costAxis(asked, logDomain(means.map(({ cost }) => cost))), field: "cost" };
  const { color, shape } = seriesOf("provider", shown);
  return {
    width: 320,
    height: 240,
    layer: [
      layer(values, { type: "line", strokeWidth: 2 }, { x, y, color, strokeDash: DASHED }),
      layer(values, { type: "point", size: 90 }, { x, y, color, shape }),
    ],
  };
}

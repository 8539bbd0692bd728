import { sum } from "simple-statistics";

import { epochMsOf } from "../../ledger/domain/timestamp.ts";
import type { PictureBlock } from "../document/document.ts";
import { METHOD } from "../document/method.ts";
import type { WindowLine } from "../evidence/observe-windows.ts";
import type { ReportData } from "../report/report-data.ts";
import { formatPercent } from "../text/number-text.ts";
import { toPlainLine } from "../text/plain-text.ts";
import { sayDuration, unitFor } from "./duration.ts";
import { emptyPicture } from "./empty-picture.ts";
import { layer, linearAxis } from "./layers.ts";
import { blue, quiet, vermilion } from "./palette.ts";
import { sampleEvenly, saySample } from "./sample-evenly.ts";
import { linearDomain } from "./scales.ts";
import { join, shortName, wholeName } from "./words.ts";

const ID = "timeline";
const TITLE = "Phases of the windows over time";
const ROWS_MAX = 40;
/** Each phase has a height of its own, so that no colour is needed to tell them apart. */
const PHASES = [
  {
    name: "setup",
    means: "Seconds until the agent could start.",
    look: "thin",
    key: "setup_ms",
    colour: quiet,
    height: 3,
  },
  {
    name: "working",
    means: "Seconds of the agent's work.",
    look: "thick",
    key: "working_ms",
    colour: blue,
    height: 10,
  },
  {
    name: "grading",
    means: "Seconds of grading.",
    look: "medium",
    key: "grading_ms",
    colour: vermilion,
    height: 6,
  },
] as const;

type Timed = WindowLine & { readonly timing: NonNullable<WindowLine["timing"]> };

/** When each window was set up, worked and graded. */
export function timelinePicture({ ran }: ReportData): PictureBlock {
  const timed = ran.schedule
    .filter(isTimed)
    .toSorted((left, right) => startOf(left) - startOf(right));
  if (timed.length === 0)
    return emptyPicture({ id: ID, title: TITLE }, "no agent's times are known");
  return {
    kind: "picture",
    id: ID,
    title: TITLE,
    alternative: join(...sayTimes(timed), saySample(timed.length, ROWS_MAX, "start")),
    specification: draw(sampleEvenly(timed, ROWS_MAX), startOf(timed[0] ?? null)),
    data: {
      kind: "table",
      id: `${ID}-data`,
      columns: [
        { title: "Window" },
        { title: "Provider" },
        { title: "Opened" },
        ...PHASES.map(({ name, means }) => ({
          title: `${name}, s`,
          isNumber: true,
          meaning: means,
        })),
      ],
      rows: timed.map(({ window, provider, timing }) => [
        { text: toPlainLine(window ?? "n/a"), ...(window === null ? {} : { window }) },
        toPlainLine(provider),
        timing.opened_at,
        ...PHASES.map(({ key }) => {
          const seconds = timing[key] / 1000;
          return { text: seconds.toFixed(1), sort: seconds };
        }),
      ]),
      meaning: "The last attempt of each window.",
      method: METHOD.sources,
    },
  };
}

function isTimed(line: WindowLine): line is Timed {
  return line.timing !== null;
}

function startOf(line: Timed | null): number {
  return line === null ? 0 : epochMsOf(line.timing.opened_at);
}

function lengthOf({ timing }: Timed): number {
  return sum(PHASES.map(({ key }) => timing[key]));
}

function sayTimes(timed: readonly Timed[]): readonly string[] {
  const total = sum(timed.map(lengthOf));
  const shares = PHASES.map(({ name, key }) => {
    const share = total === 0 ? 0 : sum(timed.map(({ timing }) => timing[key])) / total;
    return `${formatPercent(share)} ${name}`;
  });
  const longest = timed.toSorted((left, right) => lengthOf(right) - lengthOf(left))[0];
  return [
    `The windows took ${sayDuration(total)} together: ${shares.join(", ")}.`,
    longest === undefined
      ? ""
      : `The longest is ${wholeName(longest.window ?? "without an id")} of ${wholeName(longest.provider)} with ${sayDuration(lengthOf(longest))}.`,
  ];
}

function labelOf({ name, look }: Pick<(typeof PHASES)[number], "name" | "look">): string {
  return `${name} (${look})`;
}

function draw(timed: readonly Timed[], originMs: number): PictureBlock["specification"] {
  const ends = timed.map((line) => startOf(line) + lengthOf(line) - originMs);
  const unit = unitFor(ends.reduce((last, end) => Math.max(last, end), 0));
  const names = timed.map(
    ({ window, provider }, index) =>
      `${String(index + 1)}. ${shortName(`${window ?? ""} ${provider}`)}`,
  );
  const bars = timed.flatMap((line, index) => {
    let from = startOf(line) - originMs;
    return PHASES.map(({ key, height, ...phase }) => {
      const to = from + line.timing[key];
      const bar = {
        row: names[index],
        phase: labelOf(phase),
        height,
        from: from / unit.ms,
        to: to / unit.ms,
      };
      from = to;
      return bar;
    });
  });
  const x = linearAxis({
    title: `${unit.name} since the first window was opened`,
    domain: linearDomain([0, ...bars.map(({ to }) => to)]),
    format: "~r",
  });
  return {
    width: 380,
    height: { step: 18 },
    layer: [
      layer(
        bars,
        { type: "rule", strokeCap: "butt" },
        {
          x: { ...x, field: "from" },
          x2: { field: "to" },
          y: {
            field: "row",
            type: "nominal",
            sort: null,
            title: null,
            axis: { labelLimit: 240, ticks: false },
          },
          strokeWidth: { field: "height", type: "quantitative", scale: null },
          color: {
            field: "phase",
            type: "nominal",
            scale: {
              domain: PHASES.map(labelOf),
              range: PHASES.map(({ colour }) => colour),
            },
          },
        },
      ),
    ],
  };
}

import { sum } from "simple-statistics";

import { epochMsOf } from "../../ledger/domain/timestamp.ts";
import type { PictureBlock } from "../document/document.ts";
import { METHOD } from "../document/method.ts";
import { numberColumn } from "../document/parts.ts";
import type { WindowLine } from "../evidence/observe-windows.ts";
import type { ReportData } from "../report/report-data.ts";
import { formatPercent } from "../text/number-text.ts";
import { toPlainLine } from "../text/plain-text.ts";
import { sayDuration, unitFor } from "./duration.ts";
import { blue, quiet, vermilion } from "./palette.ts";
import { emptyPicture, pictureOf } from "./picture-of.ts";
import { sampleEvenly, saySample } from "./sample-evenly.ts";
import { drawBars, rowNames } from "./timeline-bars.ts";
import { wholeName } from "./words.ts";

const ID = "timeline";
const TITLE = "Phases of the windows over time";
const ROWS_MAX = 40;
/** Each phase has a height of its own, so that they differ without colours. */
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
  return pictureOf({
    id: ID,
    title: TITLE,
    alternative: [...sayTimes(timed), saySample(timed.length, ROWS_MAX, "start")],
    specification: draw(sampleEvenly(timed, ROWS_MAX), startOf(timed[0] ?? null)),
    items: timed,
    columns: [
      {
        title: "Window",
        cell: ({ window }) => ({
          text: toPlainLine(window ?? "n/a"),
          ...(window === null ? {} : { window }),
        }),
      },
      { title: "Provider", cell: ({ provider }) => toPlainLine(provider) },
      { title: "Opened", cell: ({ timing }) => timing.opened_at },
      ...PHASES.map(({ name, means, key }) =>
        numberColumn<Timed>(`${name}, s`, means, {
          read: ({ timing }) => timing[key] / 1000,
          write: (seconds) => seconds.toFixed(1),
        }),
      ),
    ],
    meaning: "The last attempt of each window.",
    method: METHOD.sources,
  });
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
  const names = rowNames(timed);
  const bars = timed.flatMap((line, index) => {
    let from = startOf(line) - originMs;
    return PHASES.map(({ key, height, ...phase }) => {
      const to = from + line.timing[key];
      const bar = {
        row: names[index] ?? "",
        phase: labelOf(phase),
        height,
        from: from / unit.ms,
        to: to / unit.ms,
      };
      from = to;
      return bar;
    });
  });
  return drawBars(bars, {
    title: `${unit.name} since the first window was opened`,
    rows: null,
    phases: PHASES.map(labelOf),
    colours: PHASES.map(({ colour }) => colour),
  });
}

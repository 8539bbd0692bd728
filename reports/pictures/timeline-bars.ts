import type { PictureBlock } from "../document/document.ts";
import { layer, linearAxis } from "./layers.ts";
import { linearDomain } from "./scales.ts";
import { shortName } from "./words.ts";

/** A phase of a row, from one time to another. */
interface Bar {
  readonly row: string;
  readonly phase: string;
  readonly height: number;
  readonly from: number;
  readonly to: number;
}

interface Timeline {
  /** The title of the axis of time. */
  readonly title: string;
  /** The order of the rows; null: that of the bars. */
  readonly rows: readonly string[] | null;
  readonly phases: readonly string[];
  readonly colours: readonly string[];
}

/** `1. W0-01 base`: the number makes each name unique. */
export function rowNames(
  windows: readonly { readonly window: string | null; readonly provider: string }[],
): readonly string[] {
  return windows.map(
    ({ window, provider }, index) =>
      `${String(index + 1)}. ${shortName(`${window ?? ""} ${provider}`)}`,
  );
}

/** A row of bars for each window. */
export function drawBars(
  bars: readonly Bar[],
  { title, rows, phases, colours }: Timeline,
): PictureBlock["specification"] {
  const domain = linearDomain([0, ...bars.map(({ to }) => to)]);
  const x = linearAxis({ title, domain, format: "~r" });
  const y = {
    field: "row",
    type: "nominal",
    sort: rows,
    title: null,
    axis: { labelLimit: 240, ticks: false },
  };
  const encoding = {
    x: { ...x, field: "from" },
    x2: { field: "to" },
    y,
    strokeWidth: { field: "height", type: "quantitative", scale: null },
    color: { field: "phase", type: "nominal", scale: { domain: phases, range: colours } },
  };
  return {
    width: 380,
    height: { step: 18 },
    layer: [layer(bars, { type: "rule", strokeCap: "butt" }, encoding)],
  };
}

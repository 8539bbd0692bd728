import type { PictureBlock } from "../document/document.ts";
import { METHOD } from "../document/method.ts";
import { numberColumn } from "../document/parts.ts";
import type { ReportData } from "../report/report-data.ts";
import type { BackendTraffic } from "../report/traffic-data.ts";
import { formatCount } from "../text/number-text.ts";
import { layer, logAxis, seriesOf } from "./layers.ts";
import { ink } from "./palette.ts";
import { emptyPicture, pictureOf } from "./picture-of.ts";
import { logDomain } from "./scales.ts";
import { distinctNames, wholeName } from "./words.ts";

const ID = "latency";
const TITLE = "Latency of requests by provider and backend";
const ROWS_MAX = 30;
const KINDS = ["median (p50)", "95th percentile (p95)"] as const;

type Timed = BackendTraffic & { readonly p50: number; readonly p95: number };

/** The median and the 95th percentile of each backend, on a log axis. */
export function latencyPicture({ traffic }: ReportData): PictureBlock {
  const timed = traffic.filter(isTimed);
  if (timed.length === 0) {
    const why = traffic.length === 0 ? "no request went through the proxy" : "no latency is known";
    return emptyPicture({ id: ID, title: TITLE }, why);
  }
  const whole = timed.map(wholeOf);
  const names = distinctNames(whole);
  const shown = timed.slice(0, ROWS_MAX);
  return pictureOf({
    id: ID,
    title: TITLE,
    alternative: [
      ...shown.map(
        ({ p50, p95 }, index) =>
          `${whole[index] ?? ""}: median ${formatCount(p50)} ms, 95th percentile ${formatCount(p95)} ms.`,
      ),
      timed.length > ROWS_MAX
        ? `Drawn are the first ${String(ROWS_MAX)} of ${String(timed.length)}.`
        : "",
    ],
    specification: draw(shown, names),
    items: timed,
    columns: [
      { title: "Provider and backend", cell: wholeOf },
      countColumn("Requests", "prompts", "Requests with a prompt."),
      countColumn("p50, ms", "p50", "Half of the requests ended within this time."),
      countColumn("p95, ms", "p95", "95 % of the requests ended within this time."),
    ],
    meaning: "From a request's head to the end of its answer.",
    method: METHOD.errors,
  });
}

function wholeOf({ provider, backend }: Timed): string {
  return wholeName(`${provider} → ${backend}`);
}

function countColumn(title: string, name: "prompts" | "p50" | "p95", meaning: string) {
  return numberColumn<Timed>(title, meaning, { read: (one) => one[name], write: formatCount });
}

/** A log axis has no place for 0. */
function isTimed(one: BackendTraffic): one is Timed {
  return one.p50 !== null && one.p95 !== null && one.p50 > 0 && one.p95 > 0;
}

function draw(timed: readonly Timed[], names: readonly string[]): PictureBlock["specification"] {
  const rows = timed.map(({ p50, p95 }, index) => ({ name: names[index], p50, p95 }));
  const x = logAxis({
    title: "latency in milliseconds",
    domain: logDomain(timed.flatMap(({ p50, p95 }) => [p50, p95])),
    format: ",~r",
    axis: { grid: true },
  });
  const y = {
    field: "name",
    type: "nominal",
    title: null,
    sort: null,
    axis: { labelLimit: 240, ticks: false },
  };
  const { color, shape } = seriesOf("kind", KINDS);
  const points = rows.flatMap(({ name, p50, p95 }) => [
    { name, kind: KINDS[0], ms: p50 },
    { name, kind: KINDS[1], ms: p95 },
  ]);
  return {
    width: 380,
    height: { step: 28 },
    layer: [
      layer(
        rows,
        { type: "rule", color: ink },
        {
          x: { ...x, field: "p50" },
          x2: { field: "p95" },
          y,
        },
      ),
      layer(points, { type: "point", size: 80 }, { x: { ...x, field: "ms" }, y, color, shape }),
    ],
  };
}

import { METHOD } from "../../document/method.ts";
import { rowAt } from "../columns.ts";
import { FATES, type ListedRequest, type RequestData } from "../page-data.ts";
import { h, svg } from "./dom.ts";
import { explain } from "./explain.ts";
import { TableView } from "./table-view.ts";
import { durationText, orDash } from "./window-texts.ts";

const WIDTH = 1_000;
const BAR = 8;
const GAP = 3;
const BARS_MAX = 400;
const NARROWEST = 2;

/** The requests of one window: a bar for each over time, and a table. */
export function showRequests(data: RequestData, place: number): readonly HTMLElement[] {
  const first = data.counts.slice(0, place).reduce((sum, count) => sum + count, 0);
  const requests = Array.from({ length: data.counts[place] ?? 0 }, (_, index) =>
    rowAt(data.requests, first + index),
  ).toSorted((one, other) => one.at - other.at);
  if (requests.length === 0)
    return [h("p", {}, "No request of this window went through the proxy.")];
  const end = Math.max(...requests.map(endOf));
  const start = Math.min(...requests.map(({ at }) => at));
  const table = h("div");
  void new TableView(table, requestRows(requests));
  return [
    h(
      "figure",
      { class: "requests" },
      h("figcaption", {}, summary(requests, end - start)),
      chart(requests, start, Math.max(1, end - start)),
      h(
        "div",
        { class: "axis", "aria-hidden": "true" },
        h("span", {}, "0 s"),
        h("span", {}, durationText(end - start)),
      ),
      h(
        "p",
        { class: "legend" },
        ...FATES.map((fate) => h("span", { class: `key ${fate}` }, fate)),
      ),
    ),
    ...explain("the requests", METHOD.errors, MEANINGS),
    h("details", {}, h("summary", {}, "Every request"), table),
  ];
}

function endOf({ at, latencyMs }: ListedRequest): number {
  return at + (latencyMs ?? 0);
}

function fateOf({ fate }: ListedRequest): string {
  return FATES[fate] ?? "abandoned";
}

function summary(requests: readonly ListedRequest[], spanMs: number): string {
  const failed = countOf(requests.filter((request) => fateOf(request) === "failed"));
  const slowest = Math.max(...requests.map(({ latencyMs }) => latencyMs ?? 0));
  const left = requests.length > BARS_MAX ? ` The first ${String(BARS_MAX)} are drawn.` : "";
  return `${String(countOf(requests))} requests in ${durationText(spanMs)}, ${String(failed)} failed; the slowest took ${durationText(slowest)}.${left}`;
}

function countOf(requests: readonly ListedRequest[]): number {
  return requests.reduce((sum, { count }) => sum + count, 0);
}

function chart(requests: readonly ListedRequest[], start: number, span: number): SVGElement {
  const drawn = requests.slice(0, BARS_MAX);
  const height = drawn.length * (BAR + GAP);
  const bars = drawn.map((request, index) =>
    svg("rect", {
      class: fateOf(request),
      x: (((request.at - start) / span) * (WIDTH - NARROWEST)).toFixed(1),
      y: String(index * (BAR + GAP)),
      width: Math.max(NARROWEST, ((request.latencyMs ?? 0) / span) * WIDTH).toFixed(1),
      height: String(BAR),
    }),
  );
  return svg(
    "svg",
    {
      viewBox: `0 0 ${String(WIDTH)} ${String(height)}`,
      preserveAspectRatio: "none",
      height: String(Math.min(400, Math.max(24, height))),
      role: "img",
      "aria-label": "Requests over time",
    },
    ...bars,
  );
}

const MEANINGS = {
  Start: "Time since the window's first request.",
  Status: "The status of the answer; 0 means no answer.",
  Latency: "From the request's head to the end of its answer.",
  Input: "Tokens of the request.",
  "From cache": "Those of them that the provider had in its cache.",
  Output: "Tokens of the answer.",
  Count: "Requests that the proxy did not send on share a row if many ended alike.",
};

type RequestColumn = readonly [
  title: string,
  read: (request: ListedRequest) => number | string | null,
  say?: (value: number) => string,
];

const COLUMNS: readonly RequestColumn[] = [
  ["Start", ({ at }) => at, durationText],
  ["Ended as", fateOf],
  ["Status", ({ status }) => status],
  ["Latency", ({ latencyMs }) => latencyMs, durationText],
  ["Input", ({ input }) => input],
  ["From cache", ({ cached }) => cached],
  ["Output", ({ output }) => output],
  ["Count", ({ count }) => count],
];

function requestRows(requests: readonly ListedRequest[]) {
  return {
    caption: "Requests of this window; input, cache and output in tokens",
    columns: COLUMNS.map(([title]) => ({ title, isNumber: title !== "Ended as" })),
    count: requests.length,
    cell: (row: number, column: number) => {
      const request = requests[row];
      const [, read, say] = COLUMNS[column] ?? [];
      const value = (request && read?.(request)) ?? null;
      return {
        text: typeof value === "string" ? value : orDash(value, say),
        sort: value,
      };
    },
  };
}

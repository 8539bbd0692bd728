import { METHOD } from "../../document/method.ts";
import { LIST_MEANINGS } from "../list-columns.ts";
import type {
  ListedScenario,
  ListedWindow,
  Paper,
  WindowData,
  WindowDetail,
  WindowPapers,
} from "../page-data.ts";
import { h } from "./dom.ts";
import { explain } from "./explain.ts";
import { type PageStore, windowAt } from "./page-store.ts";
import { showRequests } from "./request-chart.ts";
import { showTeam } from "./team-turns.ts";
import { outcomeOf } from "./window-list.ts";
import {
  meterText,
  costText,
  durationText,
  NONE,
  orDash,
  unitOf,
  windowAddress,
  windowName,
} from "./window-texts.ts";

/** Everything about one window. */
export async function showWindow(store: PageStore, place: number): Promise<readonly HTMLElement[]> {
  const data = await store.windows();
  const window = windowAt(data, place);
  const details = await store.details();
  const detail = details.windows[place] ?? null;
  const results = (detail?.scenarios ?? []).flatMap((one) => details.scenarios[one] ?? []);
  const title = h("h1", { tabindex: "-1" }, `Window ${windowName(window)}`);
  return [
    neighbours(data, place),
    title,
    facts(data, window, detail),
    ...explain("the window", METHOD.sources, FACT_MEANINGS),
    ...part("anomalies", "Anomalies", anomalies(data, window)),
    ...part("scenarios", "Scenarios", scenarios(results)),
    ...(detail?.team ? part("team", "Turns of the team", showTeam(detail.team)) : []),
    ...part("requests", "Requests over time", showRequests(await store.requests(), place)),
    ...part("meters", "Meters", meters(detail)),
    ...part("papers", "Diff, log and rows", papers(await store.papersOf(place))),
  ];
}

/** A page for an address without a window. */
export function showUnknown(name: string): readonly HTMLElement[] {
  return [
    h("nav", { "aria-label": "Windows" }, h("a", { href: "#windows" }, "All windows")),
    h("h1", { tabindex: "-1" }, "No such window"),
    h("p", {}, `The report has no window ${name}.`),
  ];
}

function part(id: string, title: string, blocks: readonly HTMLElement[]): readonly HTMLElement[] {
  const heading = h("h2", { id: `window-${id}` }, title);
  return [h("section", { "aria-labelledby": `window-${id}` }, heading, ...blocks)];
}

function neighbours(data: WindowData, place: number): HTMLElement {
  const link = (text: string, to: number) =>
    to < 0 || to >= data.windows.window.length
      ? h("span", { class: "off" }, text)
      : h("a", { href: windowAddress(windowAt(data, to)) }, text);
  return h(
    "nav",
    { "aria-label": "Windows", class: "neighbours" },
    h("a", { href: "#windows" }, "All windows"),
    link("Previous window", place - 1),
    link("Next window", place + 1),
  );
}

function facts(data: WindowData, window: ListedWindow, detail: WindowDetail | null): HTMLElement {
  const title = data.titles[window.feature_id];
  const rows: readonly Fact[] = [
    ["Task", title === undefined ? window.feature_id : `${title} (${window.feature_id})`],
    ["Provider", window.provider],
    ["Outcome", outcomeOf(window)],
    ["Reason", window.reason],
    ["Quality", orDash(window.quality, (value) => value.toFixed(3))],
    [
      "Cost",
      `${costText(window, data.measure)}${window.cost === null ? "" : unitOf(data.measure)}`,
    ],
    ["Replicate and period", `${String(window.replicate)}, ${String(window.period)}`],
    ["Run as number", orDash(window.executed_order)],
    ["Attempts", String(window.attempts)],
    ...(detail === null ? [] : measured(detail)),
  ];
  return h(
    "dl",
    { class: "facts" },
    ...rows
      .filter(([, value]) => value !== null)
      .map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value ?? ""))),
  );
}

const FACT_MEANINGS = {
  Quality: LIST_MEANINGS.Quality,
  Cost: LIST_MEANINGS.Cost,
  "Replicate and period": "The number of the repetition, and the window's place in its set.",
  "Run as number": LIST_MEANINGS["Run as"],
  Attempts: LIST_MEANINGS.Attempts,
  "Agent worked": "From the agent's start to its end.",
  "Grading took": "From the start of grading to its end.",
  Change: "Files and lines that differ between the commits before and after.",
};

const METER_MEANINGS = {
  Before: "What the meter showed when the window opened.",
  After: "What it showed when the window ended.",
  Taken: "What the window added to it; – if that is not known.",
};

type Fact = readonly [name: string, value: string | null];

function measured(detail: WindowDetail): readonly Fact[] {
  return [
    ["Opened", detail.openedAt],
    ["Ended", detail.endedAt],
    ["Agent worked", timeOf(detail.agentMs)],
    ["Grading took", timeOf(detail.gradingMs)],
    ["Change", detail.churn],
    ["Commits", commitsOf(detail)],
    ["Isolation", detail.isolation],
    ["Machine", detail.machine],
  ];
}

function timeOf(ms: number | null): string | null {
  return ms === null ? null : durationText(ms);
}

function commitsOf({ commitStart, commitEnd }: WindowDetail): string | null {
  if (commitStart === null && commitEnd === null) return null;
  return [commitStart, commitEnd].map((commit) => commit?.slice(0, 12) ?? NONE).join(" to ");
}

function anomalies(data: WindowData, window: ListedWindow): readonly HTMLElement[] {
  if (window.touched_by.length === 0) return [h("p", {}, "No anomaly affects this window.")];
  const own = data.anomalies.filter(({ number }) => window.touched_by.includes(number));
  const items = own.map(({ number, kind, action }) =>
    h("li", {}, h("strong", {}, `${String(number)}. ${kind}`), `: ${action}`),
  );
  return [h("ul", {}, ...items)];
}

function scenarios(listed: readonly ListedScenario[]): readonly HTMLElement[] {
  if (listed.length === 0) return [h("p", {}, "Nothing was graded.")];
  const failed = listed.filter(({ status }) => status !== "passed");
  const passed = listed.filter(({ status }) => status === "passed");
  return [
    h("p", {}, `${String(passed.length)} of ${String(listed.length)} scenarios passed.`),
    ...failed.map(showFailure),
    ...(passed.length === 0
      ? []
      : [h("details", {}, h("summary", {}, "Scenarios that passed"), listOf(passed))]),
  ];
}

function showFailure({ name, suite, status, message }: ListedScenario): HTMLElement {
  return h(
    "article",
    { class: "failure" },
    h("h3", {}, name),
    h("p", {}, `${suite}, ${status}`),
    message === undefined
      ? h("p", {}, "The grader gave no reason.")
      : h("pre", { tabindex: "0" }, message),
  );
}

function listOf(passed: readonly ListedScenario[]): HTMLElement {
  return h("ul", {}, ...passed.map(({ name, suite }) => h("li", {}, `${name} (${suite})`)));
}

function meters(detail: WindowDetail | null): readonly HTMLElement[] {
  if (detail === null || detail.meters.length === 0) return [h("p", {}, "No meter was read.")];
  const head = ["Meter", "Before", "After", "Taken"].map((title) =>
    h("th", { scope: "col", class: title === "Meter" ? undefined : "number" }, title),
  );
  const rows = detail.meters.map(({ name, unit, before, after, delta }) =>
    h(
      "tr",
      {},
      h("td", {}, `${name} (${unit})`),
      ...[before, after, delta].map((value) =>
        h("td", { class: "number" }, orDash(value, meterText)),
      ),
    ),
  );
  const caption = h("caption", {}, "What each meter showed before and after the window");
  const table = h(
    "table",
    {},
    caption,
    h("thead", {}, h("tr", {}, ...head)),
    h("tbody", {}, ...rows),
  );
  return [
    h("div", { class: "scroll", role: "region", "aria-label": "Meters", tabindex: "0" }, table),
    ...explain("the meters", METHOD.sources, METER_MEANINGS),
  ];
}

function papers(found: WindowPapers | string): readonly HTMLElement[] {
  if (typeof found === "string") return [h("p", {}, found)];
  return [
    paper("What the agent changed", found.diff, showDiff),
    paper("The agent's log", found.log, plain),
    paper("The window's rows in the ledger", found.rows, plain),
  ];
}

function paper(title: string, found: Paper, show: (text: string) => Node): HTMLElement {
  if ("none" in found) return h("p", {}, `${title}: ${found.none}`);
  const details = h("details", {}, h("summary", {}, title));
  // A long text is laid out only when somebody opens it.
  details.addEventListener("toggle", () => {
    if (details.childElementCount > 1) return;
    details.append(h("pre", { tabindex: "0", "aria-label": title }, show(found.text)));
  });
  return details;
}

function plain(text: string): Node {
  return document.createTextNode(text);
}

function showDiff(text: string): Node {
  const fragment = document.createDocumentFragment();
  for (const line of text.split("\n")) {
    const kind = kindOfLine(line);
    fragment.append(kind === null ? `${line}\n` : h("span", { class: kind }, `${line}\n`));
  }
  return fragment;
}

function kindOfLine(line: string): string | null {
  if (line.startsWith("@@") || line.startsWith("diff ")) return "hunk";
  if (line.startsWith("+")) return "added";
  return line.startsWith("-") ? "removed" : null;
}

import { joinNumbers } from "../evidence/index-affected.ts";
import { intervalText, qualityIntervalText } from "../report/estimate.ts";
import type { ProviderFigures } from "../report/provider-data.ts";
import type { ReportData } from "../report/report-data.ts";
import type { BackendTraffic } from "../report/traffic-data.ts";
import { affectedFootnote, markAffected } from "../text/affected-mark.ts";
import { costText } from "../text/amount-text.ts";
import {
  formatCount,
  formatFixed,
  formatPercent,
  formatSignificant,
  say,
} from "../text/number-text.ts";
import type { Block, Cell, Section } from "./document.ts";
import { METHOD } from "./method.ts";
import {
  affectedColumn,
  type ColumnOf,
  intervalColumn,
  notAvailable,
  type NumberColumn,
  numberCell,
  numberColumn,
  pickColumns,
  tableOf,
  textOf,
} from "./parts.ts";
import { CAPACITY } from "./reconciliation-section.ts";
import { decisionAffectedBy, outcomesText, trafficAffectedBy } from "./shared-lines.ts";
import { TRAFFIC_SCOPE } from "./traffic-lines.ts";

type ProviderColumn = ColumnOf<ProviderFigures>;

/** Each provider's figures over its valid windows. */
export function providerSection(report: ReportData): Section {
  const { asked, providers } = report;
  const table = (id: string, meaning: string, columns: readonly ProviderColumn[]) =>
    tableOf({
      id: `providers-${id}`,
      items: providers,
      columns: [NAME, ...columns],
      none: "No provider has a window.",
      meaning,
      method: METHOD.sources,
    });
  return {
    id: "providers",
    title: "Providers",
    blocks: [
      textOf(
        "Figures are of valid windows, each with its finalized attempt. What earlier attempts and missing windows took is listed separately.",
      ),
      table("windows", "Windows of each provider by their state.", windowColumns(report)),
      table("tokens", "Tokens of the valid windows, as the proxy counted them.", [
        ...tokenColumns(asked.token_basis),
      ]),
      {
        ...table("measures", "Cost, quality and efficiency.", measureColumns(asked)),
        method: METHOD.cost,
      },
      table("requests", "Requests at the proxy, and the churn of the work.", [
        ...requestColumns(asked),
        ...CHURN_COLUMNS,
      ]),
      ...affectedFootnote(
        providers.flatMap((one) => [one.touched_by, one.requests.touched_by]),
      ).map(textOf),
    ],
    parts: trafficPart(report),
  };
}

/** The figures of a terminal: the first ones are also there in a narrow one. */
export function providerSummary(report: ReportData): Block {
  const { asked, by_hand: manual, providers } = report;
  const { token_basis: basis } = asked;
  const known = [
    ...windowColumns(report),
    CAPACITY,
    powerColumn(report),
    ...measureColumns(asked),
    ...tokenColumns(basis),
    ...CHURN_COLUMNS,
  ];
  const driven = [CAPACITY.title, "Features per 10⁶ tokens", "Efficiency 95 % CI, fixed-n"];
  const titles = [
    "Valid",
    "Features",
    ...(manual === null ? driven : []),
    "Power",
    "Quality mean",
    "Quality 95 % CI, fixed-n",
    ...(manual === null ? [`Tokens (${basis})`] : []),
    ...CHURN_COLUMNS.map(({ title }) => title),
  ];
  return tableOf({
    id: "providers",
    items: providers,
    columns: [NAME, ...pickColumns(known, titles)],
    meaning: "Each provider's figures over its valid windows.",
    method: METHOD.sources,
  });
}

/** The power of a candidate's last look, as the gates have it. A baseline is compared with nothing. */
function powerColumn(report: ReportData): ProviderColumn {
  const judged = new Map(report.gate?.candidates.map((one) => [one.candidate, one.figures]));
  return numberColumn(
    "Power",
    "The chance to find a cost ratio at the gates' target with so many pairs.",
    {
      read: ({ provider }) => judged.get(provider)?.power ?? null,
      write: say,
      why: ({ role }) => (role === "baseline" ? "it is the baseline" : "no look has one"),
      affectedBy: ({ provider }) => decisionAffectedBy(report, provider),
    },
  );
}

const NAME: ProviderColumn = { title: "Provider", isKey: true, cell: ({ provider }) => provider };

/** A column of numbers that the anomalies of the provider affect. */
function ownColumn(
  title: string,
  meaning: string,
  parts: Omit<NumberColumn<ProviderFigures>, "affectedBy">,
): ProviderColumn {
  return affectedColumn(title, meaning, { why: "no valid window", ...parts });
}

function windowColumns({ ran }: ReportData): readonly ProviderColumn[] {
  const linesOf = Map.groupBy(ran.schedule, ({ provider }) => provider);
  return [
    numberColumn("Windows", "Planned windows.", { read: ({ windows }) => windows.planned }),
    ownColumn("Valid", "They enter the figures.", { read: (one) => one.windows.valid }),
    ownColumn("Missing", "They ended for a reason that says nothing about the work.", {
      read: (one) => one.windows.missing,
    }),
    numberColumn("Not run", "Planned windows without an end.", {
      read: ({ windows }) => windows.not_run,
    }),
    ownColumn("Features", "Tasks with a valid window.", { read: ({ features }) => features }),
    {
      title: "Outcomes",
      cell: ({ outcomes, provider }) => outcomesText(outcomes, linesOf.get(provider) ?? []),
    },
  ];
}

function tokenColumns(basis: string): readonly ProviderColumn[] {
  const column = (title: string, name: keyof ProviderFigures["tokens"], meaning: string) =>
    ownColumn(title, meaning, {
      read: ({ tokens }) => tokens[name],
      write: formatCount,
      why: "not reported",
    });
  return [
    column("Uncached input", "input_uncached", "Input that no cache held."),
    column("Cache read", "cache_read", "Input that came from a cache."),
    column("Cache write 5m", "cache_write_5m", "Input written to a cache for five minutes."),
    column("Cache write 1h", "cache_write_1h", "Input written to a cache for an hour."),
    column("Output", "output", "What the model wrote."),
    column("Reasoning in it", "reasoning", "The part of the output that is reasoning."),
    ownColumn(`Tokens (${basis})`, "The classes that the registered basis counts.", {
      read: ({ tokens_valid }) => tokens_valid,
      write: formatCount,
    }),
    ownColumn("Tokens apart", "In the same basis, by earlier attempts and missing windows.", {
      read: ({ tokens_apart }) => tokens_apart,
      write: formatCount,
    }),
  ];
}

function measureColumns({ cost_measure }: ReportData["asked"]): readonly ProviderColumn[] {
  const cost = (title: string, name: "mean" | "geometric_mean", meaning: string): ProviderColumn =>
    affectedColumn(title, meaning, {
      read: (one) => one.cost[name],
      write: (value, one) =>
        `${one.cost.lower_bounds === 0 ? "" : "≥ "}${costText(value, cost_measure)}`,
      why: (one) => (one.cost.n === 0 ? "no window with a known cost" : "a cost is 0"),
    });
  return [
    cost("Cost mean", "mean", "Mean cost of a window."),
    cost("Cost geometric mean", "geometric_mean", "Typical cost, which a dear window moves less."),
    ownColumn("Quality mean", "From 0 to 1, by the registered rule.", {
      read: ({ quality }) => quality.value,
      write: (value) => formatFixed(value, 3),
    }),
    intervalColumn("Quality 95 % CI, fixed-n", "Interval of the mean quality, for one look.", {
      read: ({ quality }) => quality,
      write: qualityIntervalText,
    }),
    ownColumn("Features per 10⁶ tokens", "Each feature counts with its quality.", {
      read: ({ efficiency }) => efficiency.value,
      write: formatSignificant,
      why: "no valid window with tokens",
    }),
    intervalColumn(
      "Efficiency 95 % CI, fixed-n",
      "Efficiency is features per 10⁶ tokens; the interval is Fieller's, fixed-n, over features.",
      { read: ({ efficiency }) => efficiency, write: intervalText },
    ),
  ];
}

const proxyAnomalies = ({ touched_by, requests }: ProviderFigures) =>
  joinNumbers([touched_by, requests.touched_by]);

function requestColumn(
  title: string,
  meaning: string,
  name: "total" | "errors" | "refused",
): ProviderColumn {
  return numberColumn(title, meaning, {
    read: ({ requests }) => requests[name],
    write: formatCount,
    affectedBy: proxyAnomalies,
  });
}

function requestColumns({ baseline }: ReportData["asked"]): readonly ProviderColumn[] {
  const scope = baseline === null ? "all windows" : "complete pairs";
  return [
    requestColumn("Requests", "Requests to a model.", "total"),
    requestColumn("Errors", "Requests that failed.", "errors"),
    requestColumn("Refused by a budget", "The proxy did not send them on.", "refused"),
    numberColumn("Error rate", "Errors ÷ requests that were answered or failed.", {
      read: ({ requests }) => requests.error_rate,
      write: formatPercent,
      why: "no request was answered",
      affectedBy: proxyAnomalies,
    }),
    latencyColumn("p50", `Latency p50 ms, ${scope}`, "Half of the requests were faster."),
    latencyColumn("p95", `Latency p95 ms, ${scope}`, "95 % of the requests were faster."),
  ];
}

/** One value, or the baseline's value with each candidate if its pairs with them differ. */
function latencyColumn(name: "p50" | "p95", title: string, meaning: string): ProviderColumn {
  return {
    title,
    meaning,
    isNumber: true,
    cell: (figures): Cell => {
      const { latency_ms, latency_by_candidate: sets } = figures;
      const affectedBy = proxyAnomalies(figures);
      const shown = { write: formatCount, why: "no complete pair with requests", affectedBy };
      if (latency_ms.n > 0 || sets.every(({ n }) => n === 0)) {
        return numberCell(latency_ms[name], shown);
      }
      const each = sets.map((set) => {
        const value = set[name];
        const text = value === null ? notAvailable("no requests") : formatCount(value);
        return `${text} (with ${set.candidate})`;
      });
      return { text: markAffected(each.join("; "), affectedBy), sort: null };
    },
  };
}

const CHURN_COLUMNS: readonly ProviderColumn[] = (
  [
    ["Files changed", "files_changed", "Files that the work changed."],
    ["Lines added", "insertions", "Lines that the work added."],
    ["Lines removed", "deletions", "Lines that the work removed."],
  ] as const
).map(([title, name, meaning]) =>
  ownColumn(title, meaning, {
    read: ({ churn }) => (churn.n === 0 ? null : churn[name]),
    write: formatCount,
    why: "not measured",
  }),
);

function trafficPart(report: ReportData): readonly Section[] {
  if (report.traffic.length === 0) return [];
  return [
    {
      id: "traffic",
      title: "Subagent Proxy: traffic by backend",
      blocks: [trafficTable(report), textOf(TRAFFIC_SCOPE)],
    },
  ];
}

function trafficTable(report: ReportData): Block {
  const affectedBy = ({ provider }: BackendTraffic) => trafficAffectedBy(report, provider);
  const column = (title: string, meaning: string, parts: NumberColumn<BackendTraffic>) =>
    numberColumn(title, meaning, { why: "no one value", ...parts, affectedBy });
  return tableOf({
    id: "traffic",
    items: report.traffic,
    columns: [
      { title: "Provider", isKey: true, cell: ({ provider }) => provider },
      { title: "Backend", isKey: true, cell: ({ backend }) => backend },
      column("Share of prompts", "Share of the provider's prompts that the backend got.", {
        read: ({ routed_pct }) => (routed_pct === null ? null : routed_pct / 100),
        write: (share) => `${toWhole(share * 100)} %`,
      }),
      column("Prompts", "Requests to a model that were sent to it.", {
        read: ({ prompts }) => prompts,
      }),
      column("Latency p50 ms", "Half of the prompts were faster.", {
        read: ({ p50 }) => p50,
        write: toWhole,
      }),
      column("Latency p95 ms", "95 % of the prompts were faster.", {
        read: ({ p95 }) => p95,
        write: toWhole,
      }),
      column("Error rate of the backend", "Failed prompts ÷ those answered or failed.", {
        read: ({ error_rate }) => error_rate,
        write: formatPercent,
      }),
    ],
    meaning: "What each backend did for a provider's agents, as the proxy recorded it.",
    method: METHOD.sources,
  });
}

function toWhole(value: number): string {
  return value.toFixed(0);
}

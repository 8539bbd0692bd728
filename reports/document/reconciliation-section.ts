import { intervalText } from "../report/estimate.ts";
import type { MeterFigures, SnapshotPair } from "../report/manual-data.ts";
import type { ProviderFigures } from "../report/provider-data.ts";
import type { ReportData } from "../report/report-data.ts";
import { affectedFootnote, markAffected } from "../text/affected-mark.ts";
import { countNoun, formatCount, formatSignificant } from "../text/number-text.ts";
import { windowLabel } from "../text/window-label.ts";
import type { Block, Section } from "./document.ts";
import { dollarPart } from "./dollar-part.ts";
import { METHOD } from "./method.ts";
import {
  countCell,
  intervalCell,
  listOf,
  numberCell,
  numberColumn,
  tableOf,
  textOf,
} from "./parts.ts";
import { divergenceLines, unmeteredLines } from "./shared-lines.ts";

/** What the proxy counted against what agents, vendors and meters say. */
export function reconciliationSection(report: ReportData): Section {
  const { anomalies, providers, by_hand: manual } = report;
  const divergences = divergenceLines(anomalies, String);
  return {
    id: "reconciliation",
    title: "Reconciliation",
    blocks: [
      ...(divergences.length === 0
        ? [textOf(sayAgreement(report.agent_counts))]
        : [textOf("Counts of the same tokens that differ:"), ...listOf(divergences)]),
      ...(report.telemetry === null ? [] : [textOf(sayTelemetry(report.telemetry))]),
      ...unmeteredBlocks(report),
      ...(manual === null ? [capacityTable(providers)] : []),
      ...(manual === null ? [] : meterBlocks(manual)),
    ],
    parts: dollarPart(report),
  };
}

function sayAgreement({ compared, windows }: ReportData["agent_counts"]): string {
  if (compared === 0) return "No agent stated a count of its tokens, so nothing is compared.";
  const all =
    compared === windows
      ? `all ${countNoun(windows, "window")}`
      : `${compared} of ${countNoun(windows, "window")}`;
  return `The agents' own counts of ${all} were compared with the proxy's. None differs by more than the registered share.`;
}

function sayTelemetry({ received, windows }: NonNullable<ReportData["telemetry"]>): string {
  const all = `${received} of ${countNoun(windows, "window")}`;
  const absent = windows === received ? "" : " For the others none came, which fails no window.";
  return `OpenTelemetry of ${all} was compared with the proxy's count.${absent}`;
}

function unmeteredBlocks(report: ReportData): readonly Block[] {
  const lines = unmeteredLines(report);
  return lines.length === 0 ? [textOf("Every request could be counted.")] : lines.map(textOf);
}

function capacityTable(providers: readonly ProviderFigures[]): Block {
  return tableOf({
    id: "capacity",
    items: providers,
    columns: [
      { title: "Provider", isKey: true, cell: ({ provider }) => provider },
      { title: "Meter", cell: ({ capacity }) => capacity.meter },
      {
        title: "Capacity used",
        isNumber: true,
        meaning: "What all finalized windows took by this meter.",
        cell: ({ capacity, touched_by }) =>
          numberCell(capacity.used, {
            write: formatCount,
            why: "a window's use is not proven",
            affectedBy: touched_by,
          }),
      },
    ],
    none: "No provider has a window.",
    meaning: "The proxy's counter, over the finalized windows of each provider.",
    method: METHOD.reconciliation,
  });
}

function meterBlocks({ meters, snapshots }: NonNullable<ReportData["by_hand"]>): readonly Block[] {
  return [
    meterTable(meters),
    readingTable(snapshots),
    ...affectedFootnote(snapshots.map(({ touched_by }) => touched_by)).map(textOf),
  ];
}

function meterTable(meters: readonly MeterFigures[]): Block {
  return tableOf({
    id: "meters",
    items: meters,
    columns: [
      { title: "Provider", isKey: true, cell: ({ provider }) => provider },
      { title: "Meter", isKey: true, cell: ({ meter }) => meter },
      { title: "Unit", cell: ({ unit }) => unit },
      {
        title: "Proven windows",
        isNumber: true,
        meaning: "Valid windows with a proven difference.",
        cell: ({ n, touched_by }) => countCell(n, touched_by),
      },
      {
        title: "Capacity of the meter",
        isNumber: true,
        meaning: "Sum of the proven differences.",
        cell: ({ used, touched_by }) =>
          numberCell(used, {
            write: formatSignificant,
            why: "no proven difference",
            affectedBy: touched_by,
          }),
      },
      {
        title: "Features per 100 units",
        isNumber: true,
        meaning: "Each feature counts with its quality.",
        cell: ({ efficiency, touched_by }) =>
          numberCell(efficiency.value, {
            write: formatSignificant,
            why: efficiency.reason ?? "no data",
            affectedBy: touched_by,
          }),
      },
      {
        title: "Its 95 % CI, fixed-n",
        isInterval: true,
        meaning: "Fieller's interval of the features per 100 units, over features.",
        cell: ({ efficiency, touched_by }) =>
          intervalCell(efficiency.ci95, {
            write: intervalText,
            why: efficiency.reason ?? "no data",
            affectedBy: touched_by,
          }),
      },
      {
        title: "Not proven",
        isNumber: true,
        meaning: "Valid windows with a difference that is not proven.",
        cell: ({ unproven, touched_by }) => countCell(unproven, touched_by),
      },
    ],
    none: "No valid window has both readings of a meter.",
    meaning: "What manual windows took of each meter.",
    method: METHOD.manual,
  });
}

type Reading = SnapshotPair & { readonly read: SnapshotPair["meters"][number] };

const ownAnomalies = ({ touched_by }: Reading) => touched_by;

function readingTable(snapshots: readonly SnapshotPair[]): Block {
  const readings = snapshots.flatMap((pair): readonly Reading[] =>
    pair.meters.map((read) => ({ ...pair, read })),
  );
  return tableOf({
    id: "readings",
    items: readings,
    columns: [
      {
        title: "Window",
        isKey: true,
        cell: ({ window, agent, touched_by }) => ({
          text: markAffected(windowLabel(window, agent), touched_by),
          window,
        }),
      },
      { title: "Provider", isKey: true, cell: ({ provider }) => provider },
      {
        title: "Attempt",
        isKey: true,
        cell: ({ attempt }) => ({ text: String(attempt), sort: attempt }),
      },
      { title: "Meter", isKey: true, cell: ({ read }) => read.meter },
      { title: "Unit", cell: ({ read }) => read.unit },
      numberColumn("Before", {
        meaning: "What was read before the work.",
        read: ({ read }) => read.before,
        why: "not read",
        affectedBy: ownAnomalies,
      }),
      numberColumn("After", {
        meaning: "What was read after the work.",
        read: ({ read }) => read.after,
        why: "not read",
        affectedBy: ownAnomalies,
      }),
      {
        title: "Difference",
        isNumber: true,
        meaning: "What the window took.",
        cell: ({ read, before_at, after_at, touched_by }) =>
          numberCell(read.delta, {
            write: (value) => `+${value}`,
            why:
              before_at === null || after_at === null
                ? "a reading is missing"
                : (read.flag ?? "not proven"),
            affectedBy: touched_by,
          }),
      },
    ],
    none: "No meter was read.",
    meaning: "The readings of the manual windows.",
    method: METHOD.manual,
  });
}

import { intervalText } from "../report/estimate.ts";
import type { MeterFigures, SnapshotPair } from "../report/manual-data.ts";
import type { ProviderFigures } from "../report/provider-data.ts";
import type { ReportData } from "../report/report-data.ts";
import { affectedFootnote, markAffected } from "../text/affected-mark.ts";
import { countNoun, formatCount, formatSignificant } from "../text/number-text.ts";
import { windowLabel } from "../text/window-label.ts";
import type { Block, Section, TableBlock } from "./document.ts";
import { dollarPart } from "./dollar-part.ts";
import { METHOD } from "./method.ts";
import {
  affectedColumn,
  type ColumnOf,
  countCell,
  intervalColumn,
  listOf,
  tableOf,
  textOf,
} from "./parts.ts";
import { divergenceLines, unmeteredLines } from "./shared-lines.ts";

/** What the proxy counted against what agents, vendors and meters say. */
export function reconciliationSection(report: ReportData): Section {
  const { anomalies, providers, by_hand: manual } = report;
  const divergences = divergenceLines(anomalies);
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
      CAPACITY,
    ],
    none: "No provider has a window.",
    meaning: "The proxy's counter, over the finalized windows of each provider.",
    method: METHOD.reconciliation,
  });
}

export const CAPACITY = affectedColumn<ProviderFigures>(
  "Capacity used",
  "What all finalized windows took by this meter.",
  {
    read: ({ capacity }) => capacity.used,
    write: formatCount,
    why: "a window's use is not proven",
  },
);

function meterBlocks({ meters, snapshots }: NonNullable<ReportData["by_hand"]>): readonly Block[] {
  return [
    meterTable(meters),
    readingTable(snapshots),
    ...affectedFootnote(snapshots.map(({ touched_by }) => touched_by)).map(textOf),
  ];
}

export function meterTable(meters: readonly MeterFigures[]): Block {
  return tableOf({
    id: "meters",
    items: meters,
    columns: [
      { title: "Provider", isKey: true, cell: ({ provider }) => provider },
      { title: "Meter", isKey: true, cell: ({ meter }) => meter },
      { title: "Unit", cell: ({ unit }) => unit },
      affectedColumn<MeterFigures>("Proven windows", "Valid windows with a proven difference.", {
        read: ({ n }) => n,
      }),
      affectedColumn<MeterFigures>("Capacity of the meter", "Sum of the proven differences.", {
        read: ({ used }) => used,
        write: formatSignificant,
        why: "no proven difference",
      }),
      affectedColumn<MeterFigures>(
        "Features per 100 units",
        "Each feature counts with its quality.",
        {
          read: ({ efficiency }) => efficiency.value,
          write: formatSignificant,
          why: ({ efficiency }) => efficiency.reason ?? "no data",
        },
      ),
      intervalColumn<MeterFigures>(
        "Its 95 % CI, fixed-n",
        "Fieller's interval of the features per 100 units, over features.",
        { read: ({ efficiency }) => efficiency, write: intervalText },
      ),
      affectedColumn<MeterFigures>(
        "Not proven",
        "Valid windows with a difference that is not proven.",
        { read: ({ unproven }) => unproven },
      ),
    ],
    none: "No valid window has both readings of a meter.",
    meaning: "What manual windows took of each meter.",
    method: METHOD.manual,
  });
}

type Reading = SnapshotPair & { readonly read: SnapshotPair["meters"][number] };

export const READING_COLUMNS: readonly ColumnOf<Reading>[] = [
  {
    title: "Window",
    isKey: true,
    cell: ({ window, agent, touched_by }) => ({
      text: markAffected(windowLabel(window, agent), touched_by),
      window,
    }),
  },
  { title: "Provider", isKey: true, cell: ({ provider }) => provider },
  { title: "Attempt", isKey: true, cell: ({ attempt }) => countCell(attempt) },
  { title: "Meter", isKey: true, cell: ({ read }) => read.meter },
  { title: "Unit", cell: ({ read }) => read.unit },
  affectedColumn<Reading>("Before", "What was read before the work.", {
    read: ({ read }) => read.before,
    why: "not read",
  }),
  affectedColumn<Reading>("After", "What was read after the work.", {
    read: ({ read }) => read.after,
    why: "not read",
  }),
  affectedColumn<Reading>("Difference", "What the window took.", {
    read: ({ read }) => read.delta,
    write: (value) => `+${value}`,
    why: ({ read, before_at, after_at }) =>
      before_at === null || after_at === null
        ? "a reading is missing"
        : (read.flag ?? "not proven"),
  }),
];

export function readingTable(
  snapshots: readonly SnapshotPair[],
  columns: readonly ColumnOf<Reading>[] = READING_COLUMNS,
): TableBlock {
  const readings = snapshots.flatMap((pair): readonly Reading[] =>
    pair.meters.map((read) => ({ ...pair, read })),
  );
  return tableOf({
    id: "readings",
    items: readings,
    columns,
    none: "No meter was read.",
    meaning: "The readings of the manual windows.",
    method: METHOD.manual,
  });
}

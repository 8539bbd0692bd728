import type { Conditions } from "../report/condition-data.ts";
import type { ReportData } from "../report/report-data.ts";
import { formatFixed } from "../text/number-text.ts";
import type { Block, Section } from "./document.ts";
import { METHOD } from "./method.ts";
import { networkLines } from "./network-lines.ts";
import { listOf, type NumberColumn, numberColumn, tableOf, textOf } from "./parts.ts";

const GIB = 1024 ** 3;

/** Limits on agents, the load of the machine, isolation and the network. */
export function resourceSection(report: ReportData): Section {
  return {
    id: "resources",
    title: "Resources and isolation",
    blocks: [
      ...limitBlocks(report.conditions),
      ...loadBlocks(report),
      isolationTable(report),
      ...listOf(networkLines(report)),
    ],
  };
}

function limitBlocks({ limits, providers }: Conditions): readonly Block[] {
  if (limits.length === 0) {
    return providers.length === 0
      ? []
      : [textOf("Agents had no limits of CPU, memory or processes.")];
  }
  const lines = limits.map(({ resource, limit, enforced_by: by, windows }) => {
    const amount = resource === "memory" ? `${formatFixed(limit / GIB, 2)} GiB` : String(limit);
    const how = by === null ? "not enforced" : `enforced by ${by}`;
    return `${resource}: at most ${amount}, ${how} (${windows} windows)`;
  });
  return listOf(lines);
}

type LoadLine = Conditions["providers"][number];

function loadBlocks({ conditions, providers }: ReportData): readonly Block[] {
  const affectedBy = new Map(providers.map((one) => [one.provider, one.touched_by]));
  const affecting = ({ provider }: LoadLine) => affectedBy.get(provider) ?? [];
  const column = (title: string, meaning: string, parts: NumberColumn<LoadLine>) =>
    numberColumn(title, meaning, { why: "not recorded", ...parts, affectedBy: affecting });
  return [
    tableOf({
      id: "conditions",
      items: conditions.providers,
      columns: [
        { title: "Provider", isKey: true, cell: ({ provider }) => provider },
        column("Windows with a record", "Valid windows that recorded the machine.", {
          read: ({ windows }) => windows,
        }),
        column("Load", "Processes that wanted a CPU, over a minute.", {
          read: ({ load_1m }) => load_1m,
          write: (load) => formatFixed(load, 2),
        }),
        column("Free memory (GiB)", "Memory that a process could still take.", {
          read: ({ free_memory_bytes: bytes }) => (bytes === null ? null : bytes / GIB),
          write: (memory) => formatFixed(memory, 2),
        }),
        column("CPU pressure (%)", "Share of the time in which a process waited for a CPU.", {
          read: ({ cpu_pressure }) => cpu_pressure,
          write: (pressure) => formatFixed(pressure, 1),
        }),
      ],
      none: "The load of the machine was not recorded.",
      meaning:
        "Medians over valid windows, at the start and the end of the agent's work. A difference of more than 25 % is among the anomalies, from five windows of a provider on and if it can matter.",
      method: METHOD.conditions,
    }),
  ];
}

function isolationTable({ isolation }: ReportData): Block {
  return tableOf({
    id: "isolation",
    items: isolation,
    columns: [
      { title: "Part", isKey: true, cell: ({ part }) => part },
      { title: "Isolation", isKey: true, cell: (one) => one.isolation },
      numberColumn<ReportData["isolation"][number]>(
        "Isolated windows",
        "Final windows of this kind.",
        { read: ({ windows }) => windows },
      ),
    ],
    none: "No agent ran and nothing was graded.",
    meaning: "What held agents, and the code that they wrote, while it ran.",
    method: METHOD.isolation,
  });
}

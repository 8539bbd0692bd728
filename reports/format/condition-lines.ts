import type { Conditions, ReportData } from "../report/report-data.ts";
import { escapeMarkdown, tableOf } from "../text/markdown.ts";
import { formatFixed } from "../text/number-text.ts";

const GIB = 1024 ** 3;

/** The section of a report about limits on agents and the load of the machine; none without a record of them. */
export function conditionSection({ conditions }: ReportData): readonly string[] {
  if (conditions.providers.length === 0) return [];
  return [
    "## Conditions",
    sayLimits(conditions),
    ...tableOf(conditions.providers, {
      Provider: ({ provider }) => escapeMarkdown(provider),
      "Windows:": ({ windows }) => String(windows),
      "Load:": ({ load_1m: load }) => formatFixed(load, 2),
      "Free memory (GiB):": ({ free_memory_bytes: bytes }) =>
        formatFixed(bytes === null ? null : bytes / GIB, 2),
      "CPU pressure (%):": ({ cpu_pressure: pressure }) => formatFixed(pressure, 1),
    }),
    "Medians over valid windows, at the start and the end of the agent's work. A difference of more than 25 % is among the anomalies, from five windows of a provider on and if it can matter.",
  ];
}

function sayLimits({ limits }: Conditions): string {
  if (limits.length === 0) return "Agents had no limits of CPU, memory or processes.";
  return limits
    .map(({ resource, limit, enforced_by: by, windows }) => {
      const amount = resource === "memory" ? `${formatFixed(limit / GIB, 2)} GiB` : String(limit);
      const how = by === null ? "not enforced" : `enforced by ${escapeMarkdown(by)}`;
      return `- ${resource}: at most ${amount}, ${how} (${windows} windows)`;
    })
    .join("\n");
}

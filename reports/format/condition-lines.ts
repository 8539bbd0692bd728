import type { Conditions, ReportData } from "../report/report-data.ts";
import { markFigure } from "../text/affected-mark.ts";
import { escapeMarkdown, tableOf } from "../text/markdown.ts";
import { formatFixed } from "../text/number-text.ts";

const GIB = 1024 ** 3;

/** The section of a report about limits on agents and the load of the machine; none without a record of them. */
export function conditionSection({ conditions, providers }: ReportData): readonly string[] {
  if (conditions.providers.length === 0) return [];
  const marked = (provider: string, text: string) =>
    markFigure(text, providers.find((one) => one.provider === provider)?.touched_by ?? []);
  return [
    "## Conditions",
    sayLimits(conditions),
    ...tableOf(conditions.providers, {
      Provider: ({ provider }) => escapeMarkdown(provider),
      "Windows:": ({ provider, windows }) => marked(provider, String(windows)),
      "Load:": ({ provider, load_1m: load }) => marked(provider, formatFixed(load, 2)),
      "Free memory (GiB):": ({ provider, free_memory_bytes: bytes }) =>
        marked(provider, formatFixed(bytes === null ? null : bytes / GIB, 2)),
      "CPU pressure (%):": ({ provider, cpu_pressure: pressure }) =>
        marked(provider, formatFixed(pressure, 1)),
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

import type { ReportData } from "../report/report-data.ts";
import type { BackendTraffic } from "../report/traffic-data.ts";
import { markAffected } from "../text/affected-mark.ts";
import { NOT_AVAILABLE } from "../text/number-text.ts";
import type { Section } from "./document.ts";
import { linesOf, textOf } from "./parts.ts";
import { trafficAffectedBy } from "./shared-lines.ts";

export const TRAFFIC_SCOPE =
  "Latencies are of complete pairs, or of every prompt if no pair is complete.";

/** A line for each backend of a provider whose agents have sub-agents; no section without any. */
export function trafficSummary(
  report: Pick<ReportData, "traffic" | "providers">,
): readonly Section[] {
  const { traffic } = report;
  const asking = new Set(
    traffic.filter(({ subagent_prompts: prompts }) => prompts > 0).map(({ provider }) => provider),
  );
  const shown = traffic.filter(({ provider }) => asking.has(provider));
  if (shown.length === 0) return [];
  const width = Math.max(...shown.map(({ provider }) => provider.length));
  const lines = shown.map((one) => {
    const { provider } = one;
    const said = markAffected(describe(one), trafficAffectedBy(report, provider));
    return `${provider.padEnd(width)}  ${said}`;
  });
  return [
    {
      id: "traffic",
      title: "Subagent Proxy:",
      blocks: [...linesOf(lines), textOf(TRAFFIC_SCOPE)],
    },
  ];
}

const PERCENT = 100;

function describe({ backend, prompts, routed_pct, p50, p95, error_rate }: BackendTraffic): string {
  const errors = error_rate === null ? NOT_AVAILABLE : `${(PERCENT * error_rate).toFixed(1)}%`;
  return (
    `routed_to_${backend}=${routed_pct.toFixed(0)}% (prompts=${String(prompts)}), ` +
    `latency=${milliseconds(p50)} p50 / ${milliseconds(p95)} p95, errors=${errors}`
  );
}

function milliseconds(ms: number | null): string {
  return ms === null ? NOT_AVAILABLE : `${ms.toFixed(0)} ms`;
}

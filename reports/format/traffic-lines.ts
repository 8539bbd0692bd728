import type { BackendTraffic } from "../report/results-data.ts";
import { markAffected } from "../text/affected-mark.ts";
import { NOT_AVAILABLE } from "../text/number-text.ts";
import { toPlainLine } from "../text/plain-text.ts";

const PERCENT = 100;

/**
 * The block `Subagent Proxy:`, one line for each provider and backend; empty without telemetry.
 * `affectedBy` gives the anomalies that affect a provider's traffic.
 */
export function trafficLines(
  traffic: readonly BackendTraffic[],
  affectedBy: (provider: string) => readonly number[] = () => [],
): readonly string[] {
  if (traffic.length === 0) return [];
  const names = traffic.map(({ provider }) => toPlainLine(provider));
  const width = Math.max(...names.map(({ length }) => length));
  return [
    "Subagent Proxy:",
    ...traffic.map((one, index) => {
      const name = (names[index] ?? "").padEnd(width);
      return `  ${name}  ${markAffected(describe(one), affectedBy(one.provider))}`;
    }),
  ];
}

function describe({ backend, prompts, routed_pct, p50, p95, error_rate }: BackendTraffic): string {
  const errors = error_rate === null ? NOT_AVAILABLE : `${(PERCENT * error_rate).toFixed(1)}%`;
  return (
    `routed_to_${toPlainLine(backend)}=${routed_pct.toFixed(0)}% (prompts=${String(prompts)}), ` +
    `latency=${milliseconds(p50)} p50 / ${milliseconds(p95)} p95, errors=${errors}`
  );
}

function milliseconds(ms: number | null): string {
  return ms === null ? NOT_AVAILABLE : `${ms.toFixed(0)} ms`;
}

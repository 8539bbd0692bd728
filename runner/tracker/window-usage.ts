import { designOf } from "../../ledger/domain/experiment.ts";
import { ProxiedRequest } from "../../ledger/domain/proxied-request.ts";
import type { Lane } from "../../ledger/domain/usage-ingested.ts";
import { sumUsage, type Usage } from "../../ledger/domain/usage.ts";
import type { LedgerReader } from "../../ledger/store/store.ts";
import { IngestedUsage } from "../../ledger/views/ingested-usage.ts";
import { idOf, idOfRow, type ManualWindow } from "./manual-window.ts";

/** What one source says of a window, by the lanes that it tells apart. */
export interface SourceUsage {
  /** `proxy`, or the name of a foreign format. */
  readonly source: string;
  readonly lanes: ReadonlyMap<Lane, Usage>;
  /** The rows that say so; none for the proxy, whose rows are many. */
  readonly rows: readonly string[];
}

export const PROXY_SOURCE = "proxy";

/**
 * Sources that see every request of a window, the most trusted first: the first that has the window says what
 * it used. Others are only compared with it.
 */
const REFERENCES = [PROXY_SOURCE, "codex-rollout", "claude-session"];

/** What every source says of every manual window, by the window's id (`idOf`). */
export function usageBySource(ledger: LedgerReader): ReadonlyMap<string, readonly SourceUsage[]> {
  const found = new Map<string, Map<string, MutableSource>>();
  const sourceOf = (window: string, source: string) => {
    const sources = found.get(window) ?? new Map<string, MutableSource>();
    found.set(window, sources);
    const one: MutableSource = sources.get(source) ?? { source, lanes: new Map(), rows: [] };
    sources.set(source, one);
    return one;
  };
  for (const row of ledger.read("proxy_telemetry")) {
    const request = designOf(row["experiment_id"]) === "manual" && ProxiedRequest.safeParse(row);
    if (request === false || !request.success || request.data.usage === null) continue;
    const lane = request.data.subagent_id === null ? "main" : "subagent";
    addTo(sourceOf(idOfRow(row), PROXY_SOURCE), lane, [request.data.usage]);
  }
  for (const row of new IngestedUsage(ledger).rows()) {
    if (row.window === null) continue;
    const source = sourceOf(idOfRow(row), row.origin);
    source.rows.push(row.id);
    for (const [lane, events] of Map.groupBy(row.events, (event) => event.lane)) {
      addTo(
        source,
        lane,
        events.map(({ usage }) => usage),
      );
    }
  }
  return new Map(
    [...found].map(([window, sources]) => [window, [...sources.values()].toSorted(byTrust)]),
  );
}

/** What a window used, by its most trusted source; undefined if no such source has it. */
export function usageOfWindow(ledger: LedgerReader, key: ManualWindow): Usage | undefined {
  const sources = usageBySource(ledger).get(idOf(key)) ?? [];
  const reference = referenceOf(sources);
  return reference && sumUsage([...reference.lanes.values()]);
}

/** The source that says what a window used. */
export function referenceOf(sources: readonly SourceUsage[]): SourceUsage | undefined {
  return sources.find(({ source }) => REFERENCES.includes(source)) ?? sources[0];
}

interface MutableSource {
  readonly source: string;
  readonly lanes: Map<Lane, Usage>;
  readonly rows: string[];
}

function addTo({ lanes }: MutableSource, lane: Lane, usages: readonly Usage[]): void {
  lanes.set(
    lane,
    sumUsage([...(lanes.has(lane) ? [lanes.get(lane) ?? { requests: 0 }] : []), ...usages]),
  );
}

function byTrust(left: SourceUsage, right: SourceUsage): number {
  return trustOf(left) - trustOf(right) || (left.source < right.source ? -1 : 1);
}

function trustOf({ source }: SourceUsage): number {
  const index = REFERENCES.indexOf(source);
  return index < 0 ? REFERENCES.length : index;
}

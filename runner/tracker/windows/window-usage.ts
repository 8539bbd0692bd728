import { isManual } from "../../../ledger/domain/design.ts";
import { ProxiedRequest } from "../../../ledger/domain/proxied-request.ts";
import type { Lane } from "../../../ledger/domain/usage-ingested.ts";
import { sumUsage, type Usage } from "../../../ledger/domain/usage.ts";
import { coversAllAgents, type SourceLanes } from "../../../ledger/invariants/source-coverage.ts";
import type { LedgerReader } from "../../../ledger/store/store.ts";
import { type IngestedRow, IngestedUsage } from "../../../ledger/views/ingested-usage.ts";
import { idOf, keyOf, type ManualWindow } from "./manual-window.ts";

/** What one source says about a window, by the lanes that it distinguishes. */
export interface SourceUsage extends SourceLanes {
  /** The rows that say so; none for the proxy, whose rows are many. */
  readonly rows: readonly string[];
  /** When the last of it was recorded. */
  readonly saidAt: string;
}

/** A source of a manual window, and who wrote its rows, such as `ingest` or `automation`. */
interface RecordedUsage extends SourceUsage {
  readonly recordedBy: ReadonlySet<string>;
}

/** What one source says about uses that belong to no window. */
interface UnplacedUsage extends Pick<RecordedUsage, "source" | "recordedBy"> {
  readonly provider: string;
  /** Such as `no-time`. */
  readonly reason: string;
  readonly usage: Usage;
}

/** All usage of manual windows in a ledger. */
export interface ManualUsage {
  readonly windows: UsageBySource;
  readonly unplaced: readonly UnplacedUsage[];
}

export const PROXY_SOURCE = "proxy";

/**
 * Sources that see every request of a window, the most trusted first: the first that has the window says what
 * it used. Without them, a source of all agents comes before one that leaves sub-agents out.
 */
const REFERENCES = [
  PROXY_SOURCE,
  "codex-rollout",
  "claude-session",
  "gemini-session",
  "qwen-session",
  "pi-session",
];

/** A manual window, and what every source says about it, the most trusted first. */
export interface WindowSources {
  readonly key: ManualWindow;
  readonly sources: readonly RecordedUsage[];
}

/** What every source says about every manual window, by the window's id (`idOf`). */
export type UsageBySource = ReadonlyMap<string, WindowSources>;

export function usageBySource(ledger: LedgerReader): UsageBySource {
  return readManualUsage(ledger).windows;
}

export function readManualUsage(ledger: LedgerReader): ManualUsage {
  const found = new Map<string, { key: ManualWindow; sources: Map<string, MutableSource> }>();
  const sourceOf = (key: ManualWindow, source: string) => {
    const { sources } = found.get(idOf(key)) ?? { sources: new Map<string, MutableSource>() };
    found.set(idOf(key), { key, sources });
    const one: MutableSource = sources.get(source) ?? {
      source,
      lanes: new Map(),
      rows: [],
      saidAt: "",
      recordedBy: new Set(),
    };
    sources.set(source, one);
    return one;
  };
  for (const row of ledger.read("proxy_telemetry")) {
    const request = isManual(row) && ProxiedRequest.safeParse(row);
    if (request === false || !request.success || request.data.usage === null) continue;
    const lane = request.data.subagent_id === null ? "main" : "subagent";
    const source = sourceOf(keyOf(request.data), PROXY_SOURCE);
    addTo(source, lane, [request.data.usage]);
    source.saidAt = later(source.saidAt, row.recorded_at);
    source.recordedBy.add(row.source);
  }
  const unplaced: IngestedRow[] = [];
  for (const row of new IngestedUsage(ledger).rows(ledger)) {
    const { window, attempt } = row;
    if (window === null || attempt === null) {
      unplaced.push(row);
      continue;
    }
    const source = sourceOf(keyOf({ ...row, window, attempt }), row.origin);
    source.rows.push(row.id);
    source.saidAt = later(source.saidAt, row.recorded_at);
    source.recordedBy.add(row.source);
    for (const [lane, events] of Map.groupBy(row.events, (event) => event.lane)) {
      const usages = events.map(({ usage }) => usage);
      addTo(source, lane, usages);
    }
    if (row.events.some(({ input_undivided: is }) => is === true)) source.isInputUndivided = true;
  }
  const windows = new Map(
    [...found].map(([id, { key, sources }]) => [
      id,
      { key, sources: [...sources.values()].toSorted(byTrust) },
    ]),
  );
  return { windows, unplaced: sumUnplaced(unplaced) };
}

function sumUnplaced(rows: readonly IngestedRow[]): readonly UnplacedUsage[] {
  const groups = Map.groupBy(rows, ({ provider, origin, reason }) =>
    JSON.stringify([provider, origin, reason]),
  );
  return [...groups.values()].flatMap((some): readonly UnplacedUsage[] => {
    const [first] = some;
    if (first === undefined) return [];
    const { provider, origin: source, reason } = first;
    const usage = sumUsage(some.flatMap(({ events }) => events.map((event) => event.usage)));
    const recordedBy = new Set(some.map((row) => row.source));
    return [{ provider, source, reason: reason ?? "no-window", usage, recordedBy }];
  });
}

/** What a window used, by its most trusted source; undefined if no such source has it. */
export function usageOfWindow(used: UsageBySource, key: ManualWindow): Usage | undefined {
  const reference = referenceOf(used.get(idOf(key))?.sources ?? []);
  return reference && sumUsage([...reference.lanes.values()]);
}

/** The source that says what a window used; null if none has it. */
export function referenceIn(used: UsageBySource, key: ManualWindow): string | null {
  return referenceOf(used.get(idOf(key))?.sources ?? [])?.source ?? null;
}

/** The source that says what a window used, of sources with the most trusted first. */
export function referenceOf(sources: readonly SourceUsage[]): SourceUsage | undefined {
  return sources[0];
}

interface MutableSource {
  readonly source: string;
  readonly lanes: Map<Lane, Usage>;
  readonly rows: string[];
  saidAt: string;
  readonly recordedBy: Set<string>;
  isInputUndivided?: true;
}

function addTo({ lanes }: MutableSource, lane: Lane, usages: readonly Usage[]): void {
  lanes.set(
    lane,
    sumUsage([...(lanes.has(lane) ? [lanes.get(lane) ?? { requests: 0 }] : []), ...usages]),
  );
}

/** Moments of the ledger sort as texts. */
function later(one: string, other: string): string {
  return one < other ? other : one;
}

function byTrust(left: SourceUsage, right: SourceUsage): number {
  return trustOf(left) - trustOf(right) || (left.source < right.source ? -1 : 1);
}

function trustOf(said: SourceUsage): number {
  const index = REFERENCES.indexOf(said.source);
  if (index >= 0) return index;
  return coversAllAgents(said) ? REFERENCES.length : REFERENCES.length + 1;
}

import { isManual } from "../../../ledger/domain/design.ts";
import { UsageIngested } from "../../../ledger/domain/usage-ingested.ts";
import { idOf, keyOf, type ManualWindow, manualWindows } from "../windows/manual-window.ts";
import type { Tracker } from "../windows/tracker.ts";
import type { IngestResult } from "./ingest-usage.ts";

type Parts = Pick<Tracker, "store" | "ledger" | "agent">;

/** Events that are in another window already. */
export interface UsageElsewhere {
  readonly events: number;
  /** Null for no window. */
  readonly key: ManualWindow | null;
  /** How many rows hold them, and the first one. */
  readonly rows: number;
  readonly id: string;
}

/** Events that are in another window already. Beside new ones, they are those of earlier work. */
export function usageElsewhere(
  { there, written }: IngestResult,
  { store }: Parts,
): readonly UsageElsewhere[] {
  if (there.size === 0 || written > 0) return [];
  const rows = [...store.read("usage")].flatMap((row) => {
    const found = there.get(row.id);
    const key = windowOf(row);
    return found === undefined || key === undefined ? [] : [{ ...found, id: row.id, key }];
  });
  const moved = rows.filter(({ place, key }) => idIn(place.key) !== idIn(key));
  return [...Map.groupBy(moved, ({ key }) => idIn(key)).values()].flatMap((some) =>
    some.slice(0, 1).map(({ key, id }) => ({
      events: some.reduce((sum, one) => sum + one.events, 0),
      key,
      rows: some.length,
      id,
    })),
  );
}

/** The window of a row of usage; null for none, undefined for a row of something else. */
function windowOf(row: unknown): ManualWindow | null | undefined {
  const said = UsageIngested.safeParse(row).data;
  if (said === undefined || !isManual(said)) return undefined;
  const { window, attempt, provider, window_agent } = said;
  if (window === null || attempt === null) return null;
  return keyOf({ window, attempt, provider, window_agent });
}

function idIn(key: ManualWindow | null): string | null {
  return key === null ? null : idOf(key);
}

/** A new window next to a single one of another provider: it may be the same one by another name. */
export interface PossibleTwin {
  readonly window: string;
  readonly provider: string;
  /** The provider that has the window already. */
  readonly known: string;
}

export function possibleTwins(
  { groups, rows }: IngestResult,
  { ledger, agent, store }: Parts,
): readonly PossibleTwin[] {
  const keys = new Map(
    groups.flatMap(({ place }) => (place.key === null ? [] : [[idOf(place.key), place.key]])),
  );
  return [...keys].flatMap(([id, { window, provider }]) => {
    const own = manualWindows(ledger.view, window).filter((key) => key.agent === agent);
    const [known, ...others] = new Set(own.map((key) => key.provider));
    if (known === undefined || others.length > 0 || known === provider) return [];
    const isKnown = [...store.read("usage")].some(
      (row) => !rows.includes(row.id) && idIn(windowOf(row) ?? null) === id,
    );
    return isKnown ? [] : [{ window, provider, known }];
  });
}

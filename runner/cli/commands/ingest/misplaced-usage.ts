import { MANUAL_EXPERIMENT } from "../../../../ledger/domain/experiment.ts";
import { UsageIngested } from "../../../../ledger/domain/usage-ingested.ts";
import { formatCount } from "../../../../reports/text/number-text.ts";
import { toPlainLine } from "../../../../reports/text/plain-text.ts";
import type { IngestOutcome } from "../../../tracker/ingest/ingest-usage.ts";
import {
  idOf,
  keyOf,
  type ManualWindow,
  manualWindows,
  nameOf,
} from "../../../tracker/windows/manual-window.ts";
import type { Tracker } from "../../../tracker/windows/tracker.ts";

type Parts = Pick<Tracker, "store" | "ledger" | "agent">;

/** What a user should know whose events may be in another window than they think. */
export function sayMisplaced(
  outcome: IngestOutcome,
  parts: Parts,
  { isProviderNamed }: { readonly isProviderNamed: boolean },
): readonly string[] {
  const other = isProviderNamed ? [] : sayOtherProvider(outcome, parts);
  return [...sayElsewhere(outcome, parts), ...other].map(toPlainLine);
}

/** Events that are in another window already. Beside new ones, they are those of earlier work. */
function sayElsewhere({ there, written }: IngestOutcome, { store }: Parts): readonly string[] {
  if (there.size === 0 || written > 0) return [];
  const rows = [...store.read("usage")].flatMap((row) => {
    const found = there.get(row.id);
    const key = windowOf(row);
    return found === undefined || key === undefined ? [] : [{ ...found, id: row.id, key }];
  });
  const moved = rows.filter(({ place, key }) => idIn(place.key) !== idIn(key));
  return [...Map.groupBy(moved, ({ key }) => idIn(key)).values()].flatMap((some) => {
    const [first] = some;
    if (first === undefined) return [];
    const events = some.reduce((sum, one) => sum + one.events, 0);
    const name = first.key === null ? "no window" : nameOf(first.key);
    const said = events === 1 ? "1 event is" : `${formatCount(events)} events are`;
    const [noun, more] =
      some.length === 1 ? ["row", ""] : ["rows", ` (the first of ${formatCount(some.length)})`];
    return `${said} in ${name} already. To move this use, undo its ${noun} first: experiment undo --id ${first.id}${more}`;
  });
}

/** The window of a row of usage; null for none, undefined for a row of something else. */
function windowOf(row: unknown): ManualWindow | null | undefined {
  const said = UsageIngested.safeParse(row).data;
  if (said?.experiment_id !== MANUAL_EXPERIMENT) return undefined;
  const { window, attempt, provider, window_agent } = said;
  if (window === null || attempt === null) return null;
  return keyOf({
    window,
    attempt,
    provider,
    ...(window_agent === undefined ? {} : { window_agent }),
  });
}

function idIn(key: ManualWindow | null): string | null {
  return key === null ? null : idOf(key);
}

/** New windows beside one of another provider alone: it may be the same one by another name. */
function sayOtherProvider(
  { groups, rows }: IngestOutcome,
  { ledger, agent, store }: Parts,
): readonly string[] {
  const keys = new Map(
    groups.flatMap(({ place }) => (place.key === null ? [] : [[idOf(place.key), place.key]])),
  );
  return [...keys].flatMap(([id, { window, provider }]) => {
    const known = manualWindows(ledger.view, window).filter((key) => key.agent === agent);
    const providers = [...new Set(known.map((key) => key.provider))];
    const [only] = providers;
    if (only === undefined || providers.length > 1 || only === provider) return [];
    const isKnown = [...store.read("usage")].some(
      (row) => !rows.includes(row.id) && idIn(windowOf(row) ?? null) === id,
    );
    if (isKnown) return [];
    return `${window} is new for ${provider}; ${only} has it. If these are its tokens, undo them, and read them again with --provider ${only}.`;
  });
}

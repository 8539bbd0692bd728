import { MANUAL_EXPERIMENT } from "../../ledger/domain/experiment.ts";
import { UsageIngested } from "../../ledger/domain/usage-ingested.ts";
import { countNoun } from "../../reports/text/number-text.ts";
import { toPlainLine } from "../../reports/text/plain-text.ts";
import type { IngestOutcome } from "../tracker/ingest/ingest-usage.ts";
import { idOf, keyOf, type ManualWindow, manualWindows, nameOf } from "../tracker/manual-window.ts";
import type { Tracker } from "../tracker/tracker.ts";

type Parts = Pick<Tracker, "store" | "ledger" | "agent">;

/** What a user should know whose events may be in another window than they think. */
export function sayMisplaced(outcome: IngestOutcome, parts: Parts): readonly string[] {
  return [...sayElsewhere(outcome, parts), ...sayOtherProvider(outcome, parts)].map(toPlainLine);
}

/** Events that are in another window already. */
function sayElsewhere({ there }: IngestOutcome, { store }: Parts): readonly string[] {
  if (there.size === 0) return [];
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
    const are = events === 1 ? "is" : "are";
    const their = some.length === 1 ? "their row" : `their ${String(some.length)} rows`;
    return `${countNoun(events, "event")} ${are} in ${name} already. To move them, undo ${their} first: experiment undo --id ${first.id}`;
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

/** Windows that have readings of another provider alone: it may be the same one by another name. */
function sayOtherProvider({ groups }: IngestOutcome, { ledger, agent }: Parts): readonly string[] {
  const keys = new Map(
    groups.flatMap(({ place }) => (place.key === null ? [] : [[idOf(place.key), place.key]])),
  );
  return [...keys.values()].flatMap(({ window, provider }) => {
    const known = manualWindows(ledger.view, window).filter((key) => key.agent === agent);
    const providers = [...new Set(known.map((key) => key.provider))];
    const [only] = providers;
    if (only === undefined || providers.length > 1 || only === provider) return [];
    return `${window} is new for ${provider}; ${only} has it. If these are its tokens, undo them, and read them again with --provider ${only}.`;
  });
}

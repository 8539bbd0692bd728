import { epochMsOf, timestampOf } from "../../../ledger/domain/timestamp.ts";
import { recentResets } from "../../../ledger/invariants/late-after.ts";
import { latestOf } from "../../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../../ledger/views/experiment-view.ts";
import { writeLocalMoment } from "./local-moment.ts";
import type { ScheduledWindow } from "./scheduled-window.ts";

/** A reset that a provider's last reading names. */
export interface KnownReset {
  readonly meter: string;
  readonly resetsAt: string;
}

/** The resets that the last reading of each of the provider's meters names. */
export function knownResets(view: ExperimentView, provider: string): readonly KnownReset[] {
  const readings = [...view.snapshots.values()].filter((one) => one.provider === provider);
  const meters = new Set(readings.flatMap((one) => one.meters.map(({ name }) => name)));
  return [...meters].flatMap((meter) => {
    const last = latestOf(readings.filter((one) => one.meters.some(({ name }) => name === meter)));
    const resetsAt = last?.meters.find(({ name }) => name === meter)?.resets_at ?? null;
    return resetsAt === null ? [] : [{ meter, resetsAt }];
  });
}

const LAG_MS = 5 * 60_000;

/** Why a window may not end when it is planned to, if its `after` would come too soon after a reset. */
export function lateEnd(
  planned: ScheduledWindow,
  resets: readonly KnownReset[],
  timeZone: string,
): string | undefined {
  const meters = resets.map(({ meter, resetsAt }) => ({
    ...NO_METER,
    name: meter,
    resets_at: resetsAt,
  }));
  const [reset] = recentResets([meters], timestampOf(planned.endMs));
  if (reset === undefined) return undefined;
  const resetMs = epochMsOf(reset.resetsAt);
  const [end, at, next] = [planned.endMs, resetMs, resetMs + LAG_MS].map((moment) =>
    writeLocalMoment(moment, timeZone),
  );
  return `${planned.window}: expected an end at least 5 minutes after a reset, got ${String(end)}: the last reading of ${planned.provider} says that its ${reset.meter} limit resets at ${String(at)}. End the window before that, or at ${String(next)} or later.`;
}

const NO_METER = { limit_window_minutes: null, unit: "percent", used: 0, as_of: "" } as const;

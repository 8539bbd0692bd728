import { type ManualWindow, manualWindows, rowsOfWindow } from "../windows/manual-window.ts";
import type { Tracker } from "../windows/tracker.ts";
import { usageBySource, usageOfWindow } from "../windows/window-usage.ts";
import type { WorkedWindow } from "./usage-rows.ts";

/** The agent's work in a window, by provider. */
export function chooseKeys(
  { ledger, agent }: Tracker,
  window: string,
  { provider }: { readonly provider?: string },
): readonly ManualWindow[] {
  return manualWindows(ledger.view, window).filter(
    (key) => key.agent === agent && (provider ?? key.provider) === key.provider,
  );
}

/** What the ledger says about the work. */
export function readWork(
  { ledger, store }: Tracker,
  keys: readonly ManualWindow[],
): readonly WorkedWindow[] {
  const used = usageBySource(store);
  return keys.map((key) => ({
    key,
    rows: rowsOfWindow(ledger.view, key),
    usage: usageOfWindow(used, key),
  }));
}

import { existsSync } from "node:fs";

import { locateDataFolder } from "../../platform/environment/data-folder.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { InvariantRefusedError } from "../windows/tracker-errors.ts";
import { readTracker } from "../windows/with-tracker.ts";
import { knownResets, lateEnd } from "./known-resets.ts";
import { writeLocalMoment } from "./local-moment.ts";
import { NEW_FILE } from "./new-file.ts";
import { type ScheduleFile, type ScheduleOptions, writeScheduleFile } from "./schedule-file.ts";
import { planKey, type ScheduledWindow } from "./scheduled-window.ts";
import { planWindows, readSchedule } from "./windows-file.ts";

/** Says when the window was planned before, if it is moved. */
export function formerPlan(planned: ScheduledWindow, opened: ScheduleFile): string {
  const { windows } = readSchedule(opened.text, opened);
  const former = windows.find((one) => planKey(one.planned) === planKey(planned))?.planned;
  if (former === undefined) return "";
  if (former.startMs === planned.startMs && former.endMs === planned.endMs) return "";
  const [start, end] = [former.startMs, former.endMs].map((moment) =>
    writeLocalMoment(moment, opened.timeZone),
  );
  return `\nIt was planned before: from ${String(start)} to ${String(end)}.`;
}

interface Call {
  readonly options: ScheduleOptions;
  readonly environment: Environment;
}

/** Writes windows into the file, all of them or none. */
export async function planAll(
  windows: readonly ScheduledWindow[],
  opened: ScheduleFile,
  call: Call,
): Promise<void> {
  const planned = planWindows(opened.isThere ? opened.text : NEW_FILE, windows, opened);
  // The new lines may conflict with the others.
  readSchedule(planned, opened);
  await refuseLateEnds(windows, opened.timeZone, call);
  writeScheduleFile(opened.file, planned);
  for (const { window, provider, endMs } of windows) {
    if (endMs > call.environment.clock.nowMs()) continue;
    call.environment.stderr.write(
      `${window} (${provider}) has ended already: its reading before can't be taken any more.\n`,
    );
  }
}

async function refuseLateEnds(
  windows: readonly ScheduledWindow[],
  timeZone: string,
  { options, environment }: Call,
): Promise<void> {
  if (!existsSync(locateDataFolder(options.dataDir, environment).ledger)) return;
  await readTracker(options, environment, ({ ledger }) => {
    for (const planned of windows) {
      const fault = lateEnd(planned, knownResets(ledger.view, planned.provider), timeZone);
      if (fault !== undefined) throw new InvariantRefusedError(fault);
    }
  });
}

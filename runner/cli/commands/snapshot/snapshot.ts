import type { Environment } from "../../../platform/environment/environment.ts";
import { captureByRun } from "../../../tracker/capture/capture-by-run.ts";
import { readInput } from "../../../tracker/capture/read-input.ts";
import { readTmux } from "../../../tracker/capture/read-tmux.ts";
import { moveWindow } from "../../../tracker/windows/current-window.ts";
import { describeCapture } from "../../../tracker/windows/keep-capture.ts";
import type { ManualWindow } from "../../../tracker/windows/manual-window.ts";
import {
  type PaneCapture,
  type ReadingPlace,
  type TakenReading,
  takeReadings,
} from "../../../tracker/windows/take-reading.ts";
import type { Tracker } from "../../../tracker/windows/tracker.ts";
import {
  checkWindow,
  readCount,
  readMoment,
  readTimeZone,
  readWindow,
  checkWindowOptions,
} from "../../../tracker/windows/window-options.ts";
import { windowToEnd } from "../../../tracker/windows/window-to-end.ts";
import { withTracker } from "../../../tracker/windows/with-tracker.ts";
import type { CodeOf, OptionsOf } from "../../definition.ts";
import { showReadings } from "../../manual/show-reading.ts";
import { sayCurrent } from "../window/window.ts";
import type { snapshot as definition } from "./definition.ts";

const MS_PER_SECOND = 1000;

type SnapshotOptions = OptionsOf<typeof definition>;

/** Reads a pane as the reading before or after a window, or as both of two windows. */
export const snapshot: CodeOf<typeof definition> = async (options, environment) => {
  checkWindowOptions(options);
  const { source, at } = options;
  readMoment("--at", at, environment.clock.nowMs());
  const timeZone = readTimeZone(options, environment);
  const text = await readPane(options, timeZone, environment);
  // A capture takes its time, and is as old as its last line.
  const capturedAt = readMoment("--at", at, environment.clock.nowMs());
  const capture: PaneCapture = { source, capturedAt, timeZone, text };
  return await withTracker(options, environment, async (tracker) => {
    const key = readWindow(options, tracker, options.source);
    const places = placesOf(tracker, { options, key, capture });
    const readings = await takeReadings(tracker, capture, places);
    return showReadings(readings, options, moveOn(tracker, readings));
  });
};

interface Call {
  readonly options: SnapshotOptions;
  readonly key: ManualWindow;
  readonly capture: PaneCapture;
}

/** A crossing capture ends one window and opens the next. Both rows are written, or none. */
function placesOf(tracker: Tracker, { options, key, capture }: Call): readonly ReadingPlace[] {
  const { late, acceptIdle, notes: remark } = options;
  const said = { isLate: late === true, isIdle: acceptIdle === true, remark };
  if (options.phase !== "cross") return [{ key, phase: options.phase, ...said }];
  const from = options.from === undefined ? undefined : checkWindow(options.from, "--from");
  const { raw_sha256: sha256 } = describeCapture(capture.text);
  const ended = windowToEnd(tracker.ledger.view, { begun: key, from, sha256 });
  return [
    { key: ended, phase: "after", ...said },
    { key, phase: "before", ...said },
  ];
}

/** After a crossing capture the agent works the next window, which every command without --window then means. */
function moveOn(tracker: Tracker, readings: readonly TakenReading[]): readonly string[] {
  const [ended, begun] = readings;
  if (ended === undefined || begun === undefined || begun.meters.length === 0) return [];
  const { window } = begun.place.key;
  const isMoved = moveWindow(tracker, { ended: ended.place.key.window, begun: window });
  return isMoved ? [sayCurrent(tracker, window)] : [];
}

async function readPane(
  options: SnapshotOptions,
  timeZone: string,
  environment: Environment,
): Promise<string> {
  const { source, file, tmux, run } = options;
  const waitMs = readCount("--wait", options.wait) * MS_PER_SECOND;
  if (run === true) return await captureByRun({ source, timeZone, waitMs }, environment);
  return await (tmux === undefined ? readInput(file, environment) : readTmux(tmux, environment));
}

import { describeCapture } from "../../tracker/keep-capture.ts";
import { type ManualWindow, windowToEnd } from "../../tracker/manual-window.ts";
import { type PaneCapture, type ReadingPlace, takeReadings } from "../../tracker/take-reading.ts";
import type { Tracker } from "../../tracker/tracker.ts";
import type { CodeOf, OptionsOf } from "../definitions/definition.ts";
import type { snapshot as definition } from "../definitions/manual-commands.ts";
import { readInput } from "../read-input.ts";
import { showReadings } from "../show-reading.ts";
import { checkWindow, readMoment, readTimeZone, readWindow } from "../window-options.ts";
import { withTracker } from "../with-tracker.ts";

type SnapshotOptions = OptionsOf<typeof definition>;

/** Reads a pane as the reading before or after a window, or as both of two windows. */
export const snapshot: CodeOf<typeof definition> = async (options, environment) => {
  const key = readWindow(options, options.source);
  const capture: PaneCapture = {
    source: options.source,
    capturedAt: readMoment("--at", options.at, environment.clock.nowMs()),
    timeZone: readTimeZone(options, environment),
    text: await readInput(options.file, environment),
  };
  return await withTracker(options, environment, async (tracker) => {
    const places = placesOf(tracker, { options, key, capture });
    const readings = await takeReadings(tracker, capture, places);
    return showReadings(readings, options);
  });
};

interface Call {
  readonly options: SnapshotOptions;
  readonly key: ManualWindow;
  readonly capture: PaneCapture;
}

/** A crossing capture ends one window and opens the next. Both rows are written, or none. */
function placesOf(tracker: Tracker, { options, key, capture }: Call): readonly ReadingPlace[] {
  const isLate = options.late === true;
  if (options.phase !== "cross") return [{ key, phase: options.phase, isLate }];
  const ended =
    options.from === undefined
      ? windowToEnd(tracker.ledger.view, key, describeCapture(capture.text).raw_sha256)
      : { ...key, window: checkWindow(options.from, "--from") };
  return [
    { key: ended, phase: "after", isLate },
    { key, phase: "before", isLate },
  ];
}

import type { Environment } from "../../environment.ts";
import { windowToEnd } from "../../tracker/cross-windows.ts";
import { describeCapture } from "../../tracker/keep-capture.ts";
import type { ManualWindow } from "../../tracker/manual-window.ts";
import {
  type PaneCapture,
  type PaneSource,
  type ReadingPlace,
  takeReadings,
} from "../../tracker/take-reading.ts";
import type { Tracker } from "../../tracker/tracker.ts";
import { readInput } from "../read-input.ts";
import type { Result } from "../result.ts";
import { showReadings } from "../show-reading.ts";
import {
  type CaptureOptions,
  checkWindow,
  readMoment,
  readTimeZone,
  readWindow,
  type WindowOptions,
} from "../window-options.ts";
import { withTracker } from "../with-tracker.ts";

export interface SnapshotOptions extends WindowOptions, CaptureOptions {
  readonly phase: "before" | "after" | "cross";
  readonly source: PaneSource;
  readonly file?: string;
  readonly from?: string;
}

/** Reads a pane as the reading before or after a window, or as both of two windows. */
export async function snapshot(
  options: SnapshotOptions,
  environment: Environment,
): Promise<Result> {
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
}

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

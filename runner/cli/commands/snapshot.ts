import { createReadStream } from "node:fs";
import path from "node:path";

import type { Environment } from "../../environment.ts";
import { describeCapture } from "../../tracker/keep-capture.ts";
import { type ManualWindow, windowToEnd } from "../../tracker/manual-window.ts";
import { type PaneCapture, type ReadingPlace, takeReadings } from "../../tracker/take-reading.ts";
import { TrackerUsageError } from "../../tracker/tracker-errors.ts";
import type { Tracker } from "../../tracker/tracker.ts";
import type { CodeOf, OptionsOf } from "../definitions/definition.ts";
import type { snapshot as definition } from "../definitions/manual-commands.ts";
import { reasonOf } from "../result.ts";
import { showReadings } from "../show-reading.ts";
import {
  checkWindow,
  readMoment,
  readTimeZone,
  readWindow,
  checkWindowOptions,
} from "../window-options.ts";
import { withTracker } from "../with-tracker.ts";

/** A pane is one screen. A larger input is another file. */
const INPUT_BYTES_MAX = 1_048_576;

type SnapshotOptions = OptionsOf<typeof definition>;

/** Reads a pane as the reading before or after a window, or as both of two windows. */
export const snapshot: CodeOf<typeof definition> = async (options, environment) => {
  checkWindowOptions(options);
  const capture: PaneCapture = {
    source: options.source,
    capturedAt: readMoment("--at", options.at, environment.clock.nowMs()),
    timeZone: readTimeZone(options, environment),
    text: await readInput(options.file, environment),
  };
  return await withTracker(options, environment, async (tracker) => {
    const key = readWindow(options, tracker, options.source);
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
  const { late, acceptIdle, notes: remark } = options;
  const said = { isLate: late === true, isIdle: acceptIdle === true, remark };
  if (options.phase !== "cross") return [{ key, phase: options.phase, ...said }];
  const ended =
    options.from === undefined
      ? windowToEnd(tracker.ledger.view, key, describeCapture(capture.text).raw_sha256)
      : { ...key, window: checkWindow(options.from, "--from") };
  return [
    { key: ended, phase: "after", ...said },
    { key, phase: "before", ...said },
  ];
}

/**
 * The text of a file, or of stdin without a file.
 * @throws TrackerUsageError if it can't be read, is empty or is too large.
 */
async function readInput(
  file: string | undefined,
  { cwd, stdin, stderr }: Pick<Environment, "cwd" | "stdin" | "stderr">,
): Promise<string> {
  if (file === undefined && "isTTY" in stdin && stdin.isTTY === true) {
    stderr.write("Paste the pane, then press Ctrl-D.\n");
  }
  const place = file === undefined ? "stdin" : path.resolve(cwd, file);
  const stream = file === undefined ? stdin : createReadStream(place);
  const text = await readBounded(stream, place);
  if (text.trim() !== "") return text;
  throw new TrackerUsageError(
    `${place}: expected a captured pane, got nothing. Name its file with --file, or pipe it in.`,
  );
}

async function readBounded(stream: NodeJS.ReadableStream, place: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream) {
      const part = Buffer.from(chunk);
      bytes += part.length;
      if (bytes > INPUT_BYTES_MAX) break;
      chunks.push(part);
    }
  } catch (cause) {
    throw new TrackerUsageError(
      `${place}: expected a file that can be read, got: ${reasonOf(cause)}. Name another one with --file.`,
      { cause },
    );
  }
  if (bytes <= INPUT_BYTES_MAX) return Buffer.concat(chunks).toString("utf8");
  throw new TrackerUsageError(
    `${place}: expected a captured pane of at most ${String(INPUT_BYTES_MAX)} bytes, got more. Capture the pane alone.`,
  );
}

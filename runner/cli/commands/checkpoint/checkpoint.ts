import path from "node:path";

import { wallClock } from "../../../../ledger/domain/wall-clock.ts";
import { toPlainLine } from "../../../../reports/text/plain-text.ts";
import {
  appendCsvRow,
  CHURN_LEDGER,
  readCsvLedger,
  TOKEN_LEDGER,
} from "../../../tracker/usage-rows/ledger-csv.ts";
import { linkTables } from "../../../tracker/usage-rows/link-tables.ts";
import { measureFirst } from "../../../tracker/usage-rows/measure-first.ts";
import {
  type UsageRowWords,
  churnRows,
  tokenRow,
  type WorkedWindow,
} from "../../../tracker/usage-rows/usage-rows.ts";
import { currentWindow } from "../../../tracker/windows/current-window.ts";
import {
  type ManualWindow,
  manualWindows,
  rowsOfWindow,
} from "../../../tracker/windows/manual-window.ts";
import { TrackerUsageError } from "../../../tracker/windows/tracker-errors.ts";
import type { Tracker } from "../../../tracker/windows/tracker.ts";
import { usageBySource, usageOfWindow } from "../../../tracker/windows/window-usage.ts";
import type { CodeOf, OptionsOf } from "../../definition.ts";
import { checkProvider, checkWindow, readTimeZone } from "../../manual/window-options.ts";
import { withTracker } from "../../manual/with-tracker.ts";
import { doneWith } from "../../result.ts";
import type { checkpoint as definition } from "./definition.ts";

type UsageRowOptions = OptionsOf<typeof definition>;

/** Appends usage rows, of what was planned or done, to the two tables that people read. */
export const checkpoint: CodeOf<typeof definition> = async (options, environment) => {
  if (options.window !== undefined) checkWindow(options.window);
  if (options.provider !== undefined) checkProvider(options.provider);
  const date = wallClock(environment.clock.nowMs(), readTimeZone(options, environment)).date;
  const figures = readFigures(options);
  return await withTracker(options, environment, async (tracker) => {
    const { folder, agent } = tracker;
    const window = options.window ?? currentWindow(folder, agent)?.window;
    const words: UsageRowWords = {
      ...figures,
      phase: options.phase,
      date,
      session: toPlainLine(options.session ?? window ?? date),
      task: toPlainLine(options.task ?? ""),
      notes: notesOf(options, tracker),
    };
    const keys = window === undefined ? [] : chooseKeys(tracker, window, options);
    const tokenFile = path.join(folder.root, TOKEN_LEDGER.name);
    const churnFile = path.join(folder.root, CHURN_LEDGER.name);
    // Both files are read before either is written, so that a strange one stops both.
    const former = readCsvLedger(tokenFile, TOKEN_LEDGER);
    readCsvLedger(churnFile, CHURN_LEDGER);
    const repository = path.resolve(environment.cwd, options.repo ?? ".");
    const isHandover = options.handoff !== undefined && options.phase !== "plan";
    const measured = isHandover
      ? await measureFirst({ tracker, environment, repository }, keys)
      : [];
    const worked = readWork(tracker, keys);
    const row = tokenRow(words, worked, former);
    const churns = churnRows(words, worked);
    if (options.handoff !== undefined) {
      linkTables(path.resolve(environment.cwd, options.handoff), [tokenFile, churnFile]);
    }
    appendCsvRow(tokenFile, TOKEN_LEDGER, row);
    for (const one of churns) appendCsvRow(churnFile, CHURN_LEDGER, one);
    const data = { token_ledger: tokenFile, row, churn_ledger: churnFile, churn_rows: churns };
    const say = () => [
      ...measured,
      `${tokenFile}: 1 row`,
      ...(churns.length === 0 ? [] : [`${churnFile}: rows: ${String(churns.length)}`]),
    ];
    return doneWith(options, data, () => say().join("\n"));
  });
};

/** The tables have no column for the source of a row. */
function notesOf({ notes = "" }: UsageRowOptions, { source }: Tracker): string {
  const marks = source === "automation" ? [`source=${source}`] : [];
  return [toPlainLine(notes), ...marks].filter((note) => note !== "").join("; ");
}

function readFigures(options: UsageRowOptions) {
  return {
    planned: readWhole("--planned", options.planned),
    actual: readWhole("--actual", options.actual),
    commits: readWhole("--commits", options.commits),
    lines: readWhole("--lines", options.lines),
    features: readWhole("--features", options.features),
    tests: readWhole("--tests", options.tests),
  };
}

/** Lines may be fewer than before. */
function readWhole(option: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^-?\d{1,15}$/u.test(text) && (option === "--lines" || !text.startsWith("-"))) {
    return Number(text);
  }
  throw new TrackerUsageError(
    `${option}: expected a whole number, got ${JSON.stringify(text)}. Write e.g. 12000.`,
  );
}

/** The agent's work in a window, by provider. */
function chooseKeys(
  { ledger, agent }: Tracker,
  window: string,
  { provider }: UsageRowOptions,
): readonly ManualWindow[] {
  return manualWindows(ledger.view, window).filter(
    (key) => key.agent === agent && (provider ?? key.provider) === key.provider,
  );
}

/** What the ledger says about the work. */
function readWork(
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

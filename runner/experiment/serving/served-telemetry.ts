import { Readable } from "node:stream";

import { timestampOf } from "../../../ledger/domain/timestamp.ts";
import { otlp } from "../../../ledger/sources/otlp/parse.ts";
import { UsageIngest } from "../../tracker/ingest/ingest-usage.ts";
import { placeInWindow } from "../../tracker/ingest/place-events.ts";
import { type ManualWindow, nameOf } from "../../tracker/windows/manual-window.ts";
import { recordBreaches } from "../../tracker/windows/reading-anomalies.ts";
import type { Tracker } from "../../tracker/windows/tracker.ts";

/** An agent that works without a pause sends an export every few seconds. So many rows are those of a day. */
const ROWS_MAX = 5000;

interface ServedWindow {
  readonly key: ManualWindow;
  ingest: UsageIngest | undefined;
  /** Exports that had no room, or not enough. */
  leftOut: number;
}

/** What agents send by OpenTelemetry to the addresses of a proxy. It belongs to the windows of their keys. */
export class ServedTelemetry {
  readonly #openTracker: () => Tracker;
  readonly #rowsMax: number;
  readonly #windows: ServedWindow[] = [];
  /** Exports are written one after the other. */
  #last: Promise<void> = Promise.resolve();

  /** @param openTracker - Called for each window's first export. */
  constructor(openTracker: () => Tracker, rowsMax = ROWS_MAX) {
    this.#openTracker = openTracker;
    this.#rowsMax = rowsMax;
  }

  /** Opens a window, and returns what takes its exports. Each is in the ledger, or counted, when its call resolves. */
  open(key: ManualWindow): (line: string) => Promise<void> {
    const window: ServedWindow = { key, ingest: undefined, leftOut: 0 };
    this.#windows.push(window);
    return async (line) => {
      const written = this.#last.then(async () => await this.#write(window, line));
      // A failure is the answer to its own export, which the agent sends again.
      this.#last = written.catch(() => undefined);
      await written;
    };
  }

  /** Waits for exports that are being written. Says which windows had none, and which had too many. */
  async close(hasRequests: (key: ManualWindow) => boolean): Promise<readonly string[]> {
    await this.#last;
    const absent = this.#windows
      .filter(({ key, ingest }) => hasRequests(key) && (ingest?.result.events ?? 0) === 0)
      .map(({ key }) => `${nameOf(key)}: no OpenTelemetry came. It counts by the proxy.`);
    const full = this.#windows.filter(({ leftOut }) => leftOut > 0);
    for (const window of full) await this.#recordLeftOut(window);
    return [
      ...absent,
      ...full.map(({ key, leftOut }) => `${nameOf(key)}: ${sayLeftOut(leftOut, this.#rowsMax)}`),
    ];
  }

  async #write(window: ServedWindow, line: string): Promise<void> {
    if (window.ingest?.isOverfull !== true) await this.#ingest(window, line);
    if (window.ingest?.isOverfull === true) window.leftOut += 1;
  }

  async #ingest(window: ServedWindow, line: string): Promise<void> {
    const tracker = this.#openTracker();
    window.ingest ??= new UsageIngest({
      tracker,
      source: otlp,
      provider: window.key.provider,
      place: placeInWindow(window.key),
      rowsMax: this.#rowsMax,
    });
    const chunks = Readable.from([Buffer.from(`${line}\n`)]);
    await window.ingest.read({ name: "otlp", chunks }, timestampOf(tracker.clock.nowMs()));
    await window.ingest.finish();
  }

  async #recordLeftOut({ key, leftOut }: ServedWindow): Promise<void> {
    const action = sayLeftOut(leftOut, this.#rowsMax);
    const tracker = this.#openTracker();
    const until = timestampOf(tracker.clock.nowMs());
    const observed = { exports: leftOut, rows: this.#rowsMax, until };
    const breach = { kind: "telemetry-left-out", touches: [key.window], observed, action };
    await recordBreaches(tracker, key, [breach]);
  }
}

function sayLeftOut(exports: number, rows: number): string {
  const came = exports === 1 ? "1 export" : `${String(exports)} exports`;
  return `${came} of OpenTelemetry found no room in ${String(rows)} rows. This count is all that is kept of them.`;
}

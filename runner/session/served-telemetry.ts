import { Readable } from "node:stream";

import { timestampOf } from "../../ledger/domain/timestamp.ts";
import { otlp } from "../../ledger/sources/otlp/parse.ts";
import { UsageIngest } from "../tracker/ingest/ingest-usage.ts";
import { placeInWindow } from "../tracker/ingest/place-events.ts";
import { type ManualWindow, nameOf } from "../tracker/manual-window.ts";
import type { Tracker } from "../tracker/tracker.ts";

interface ServedWindow {
  readonly key: ManualWindow;
  ingest: UsageIngest | undefined;
}

/** What agents send by OpenTelemetry to the addresses of a proxy. It belongs to the windows of their keys. */
export class ServedTelemetry {
  readonly #openTracker: () => Tracker;
  readonly #windows: ServedWindow[] = [];
  /** Exports are written one after the other. */
  #last: Promise<void> = Promise.resolve();

  /** @param openTracker - Called for each window's first export. */
  constructor(openTracker: () => Tracker) {
    this.#openTracker = openTracker;
  }

  /** Opens a window, and returns what takes its exports. Each is in the ledger when its call resolves. */
  open(key: ManualWindow): (line: string) => Promise<void> {
    const window: ServedWindow = { key, ingest: undefined };
    this.#windows.push(window);
    return async (line) => {
      const written = this.#last.then(async () => await this.#write(window, line));
      // A failure is the answer to its own export, which the agent sends again.
      this.#last = written.catch(() => undefined);
      await written;
    };
  }

  /** Waits for exports that are being written, and says which of the windows had none. */
  async close(hasRequests: (key: ManualWindow) => boolean): Promise<readonly string[]> {
    await this.#last;
    return this.#windows
      .filter(({ key, ingest }) => hasRequests(key) && (ingest?.outcome.events ?? 0) === 0)
      .map(({ key }) => `${nameOf(key)}: no OpenTelemetry came. It counts by the proxy.`);
  }

  async #write(window: ServedWindow, line: string): Promise<void> {
    const tracker = this.#openTracker();
    window.ingest ??= new UsageIngest({
      tracker,
      source: otlp,
      provider: window.key.provider,
      place: placeInWindow(window.key),
    });
    const chunks = Readable.from([Buffer.from(`${line}\n`)]);
    await window.ingest.read({ name: "otlp", chunks }, timestampOf(tracker.clock.nowMs()));
    await window.ingest.finish();
  }
}

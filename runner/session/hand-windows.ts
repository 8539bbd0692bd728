import type { Meter } from "../../ledger/domain/meter.ts";
import type { LedgerStore } from "../../ledger/store/store.ts";
import type { RequestEvent } from "../proxy/proxy.ts";
import type { HandWindow } from "../tracker/hand-window.ts";
import { sumHandTraffic } from "../tracker/sum-hand-traffic.ts";
import { takeToldReading } from "../tracker/told-reading.ts";
import type { Tracker } from "../tracker/tracker.ts";

interface Parts {
  readonly store: LedgerStore;
  /** Made where the first vendor tells of its meters. */
  readonly openTracker: () => Tracker;
}

/** What the vendor told with answers to a window's requests, of each meter first and last. */
interface ToldMeters {
  readonly before: () => readonly Meter[];
  readonly after: () => readonly Meter[];
}

interface DoorWindow {
  readonly key: HandWindow;
  readonly meters: ToldMeters;
  hasCome: boolean;
  hasTold: boolean;
}

/** Gives the windows that are worked through a proxy by hand their readings and their sums. */
export class HandWindows {
  readonly #parts: Parts;
  readonly #doors = new Map<string, DoorWindow>();
  readonly #befores: Promise<void>[] = [];
  #tracker: Tracker | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  open(key: HandWindow, meters: ToldMeters): void {
    this.#doors.set(idOf(key), { key, meters, hasCome: false, hasTold: false });
  }

  /** What is told first is the before, unless there is one. */
  settled(request: RequestEvent): void {
    const door = this.#doors.get(idOf(request));
    if (door === undefined || request.kind !== "model") return;
    door.hasCome = true;
    if (door.hasTold || door.meters.before().length === 0) return;
    door.hasTold = true;
    const taking = this.#take(door, "before");
    this.#befores.push(taking);
    // Its failure is told at the end.
    taking.catch(() => undefined);
  }

  /**
   * What was told last is the after. Called when every request's row is in the ledger. A reading that
   * fails costs no window its sum.
   */
  async close(): Promise<void> {
    const doors = [...this.#doors.values()].filter(({ hasCome }) => hasCome);
    try {
      await Promise.all(this.#befores);
      for (const door of doors.filter(({ hasTold }) => hasTold)) {
        // oxlint-disable-next-line no-await-in-loop -- each is judged by what there is
        await this.#take(door, "after");
      }
    } finally {
      await sumHandTraffic(
        this.#parts.store,
        doors.map(({ key }) => key),
      );
    }
  }

  async #take({ key, meters }: DoorWindow, phase: "before" | "after"): Promise<void> {
    this.#tracker ??= this.#parts.openTracker();
    await takeToldReading(this.#tracker, { key, phase, meters: meters[phase]() });
  }
}

function idOf({ window, attempt, provider }: HandWindow): string {
  return `${window} ${String(attempt)} ${provider}`;
}

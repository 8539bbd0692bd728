import { sum } from "simple-statistics";

import type { Meter } from "../../ledger/domain/meter.ts";
import { timestampOf } from "../../ledger/domain/timestamp.ts";
import { tokensIn } from "../../ledger/domain/token-basis.ts";
import type { LedgerStore } from "../../ledger/store/store.ts";
import { COST_BASIS } from "../config/cost-basis.ts";
import type { RequestEvent } from "../proxy/proxy.ts";
import type { HandWindow } from "../tracker/hand-window.ts";
import { type HandTraffic, sumHandTraffic } from "../tracker/sum-hand-traffic.ts";
import { COUNTED, TOLD } from "../tracker/told-parser.ts";
import { takeToldReading } from "../tracker/told-reading.ts";
import type { Tracker } from "../tracker/tracker.ts";
import type { Prompt } from "../windows/sum-traffic.ts";

interface Parts {
  readonly store: LedgerStore;
  /** Made for the first reading. */
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
      const keys = doors.map(({ key }) => key);
      await this.#count(await sumHandTraffic(this.#parts.store, keys));
    }
  }

  /** Where nobody has told or captured anything, what the proxy counted since the window began is its reading. */
  async #count(traffic: readonly HandTraffic[]): Promise<void> {
    for (const { key, prompts, firstAt } of traffic) {
      if (firstAt === undefined) continue;
      const tracker = this.#openTracker();
      const before = countedMeters([], firstAt);
      // oxlint-disable no-await-in-loop -- each is judged by what there is
      await takeToldReading(tracker, { parser: COUNTED, key, phase: "before", meters: before });
      const after = countedMeters(prompts, timestampOf(tracker.clock.nowMs()));
      await takeToldReading(tracker, { parser: COUNTED, key, phase: "after", meters: after });
      // oxlint-enable no-await-in-loop
    }
  }

  async #take({ key, meters }: DoorWindow, phase: "before" | "after"): Promise<void> {
    const tracker = this.#openTracker();
    await takeToldReading(tracker, { parser: TOLD, key, phase, meters: meters[phase]() });
  }

  #openTracker(): Tracker {
    this.#tracker ??= this.#parts.openTracker();
    return this.#tracker;
  }
}

/**
 * Capacity counted at the source, by two meters that never reset; tokens are not read off where an answer
 * did not tell all of its own.
 */
function countedMeters(prompts: readonly Prompt[], asOf: string): readonly Meter[] {
  const counter = { limit_window_minutes: null, as_of: asOf };
  const meters: Meter[] = [{ ...counter, name: "prompts", unit: "prompts", used: prompts.length }];
  if (prompts.some(isUntold)) return meters;
  const tokens = prompts.map(({ usage }) => (usage === null ? 0 : tokensIn(COST_BASIS, usage)));
  return [...meters, { ...counter, name: "proxy", unit: "tokens", used: sum(tokens) }];
}

/** An answer without usage took nobody knows what; an error took nothing. */
function isUntold({ status, usage }: Prompt): boolean {
  return status === 200 && usage === null;
}

function idOf({ window, attempt, provider }: HandWindow): string {
  return `${window} ${String(attempt)} ${provider}`;
}

import { sum } from "simple-statistics";

import { badUsage } from "../../../ledger/domain/anomaly.ts";
import type { Meter } from "../../../ledger/domain/meter.ts";
import type { ProxiedRequest } from "../../../ledger/domain/proxied-request.ts";
import { timestampOf } from "../../../ledger/domain/timestamp.ts";
import { tokensIn } from "../../../ledger/domain/token-basis.ts";
import type { LedgerStore } from "../../../ledger/store/store.ts";
import type { Prompt } from "../../gateway/traffic/attempt-traffic.ts";
import { COST_BASIS } from "../../plan/config/cost-measure.ts";
import {
  idOf,
  idOfRow,
  type ManualWindow,
  type Phase,
} from "../../tracker/windows/manual-window.ts";
import {
  PROXY_COUNTER,
  takeProxyReading,
  VENDOR_HEADERS,
} from "../../tracker/windows/proxy-reading.ts";
import { recordBadUsage } from "../../tracker/windows/reading-anomalies.ts";
import { sumManualTraffic } from "../../tracker/windows/sum-manual-traffic.ts";
import type { Tracker } from "../../tracker/windows/tracker.ts";
import { PROXY_SOURCE } from "../../tracker/windows/window-usage.ts";

interface Parts {
  readonly store: LedgerStore;
  /** Called for the first reading. */
  readonly openTracker: () => Tracker;
}

/** The vendor's own meters in the answers to a window's requests: the first of each, and the last. */
type VendorMeters = Readonly<Record<Phase, () => readonly Meter[]>>;

interface ProxyWindow {
  readonly key: ManualWindow;
  readonly meters: VendorMeters;
  hasRequests: boolean;
  hasMeters: boolean;
  /** Why the counts of the first such answer can't be right. */
  usageFault: string | undefined;
}

/** Takes the readings and the sums of manual windows that a proxy serves. */
export class ManualWindows {
  readonly #parts: Parts;
  readonly #windows = new Map<string, ProxyWindow>();
  readonly #befores: Promise<void>[] = [];
  #tracker: Tracker | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  open(key: ManualWindow, meters: VendorMeters): void {
    this.#windows.set(idOf(key), {
      key,
      meters,
      hasRequests: false,
      hasMeters: false,
      usageFault: undefined,
    });
  }

  /** Takes the first vendor meters as the before, unless the window has one. */
  settled(request: ProxiedRequest): void {
    const window = this.#windows.get(idOfRow(request));
    if (window === undefined || request.kind !== "model") return;
    window.hasRequests = true;
    window.usageFault ??= request.usage_fault;
    if (window.hasMeters || window.meters.before().length === 0) return;
    window.hasMeters = true;
    const taking = this.#take(window, "before");
    this.#befores.push(taking);
    // `close` throws its failure.
    taking.catch(() => undefined);
  }

  /** Whether a request to a model came for a window that was opened. */
  hasRequests(key: ManualWindow): boolean {
    return this.#windows.get(idOf(key))?.hasRequests === true;
  }

  /**
   * Takes the last vendor meters as the after. Call it when the row of every request is in the ledger.
   * The windows get their sums even if a reading fails.
   */
  async close(): Promise<void> {
    const windows = [...this.#windows.values()].filter(({ hasRequests }) => hasRequests);
    try {
      await Promise.all(this.#befores);
      for (const window of windows.filter(({ hasMeters }) => hasMeters)) {
        await this.#take(window, "after");
      }
    } finally {
      await this.#count(windows.map(({ key }) => key));
      for (const { key, usageFault } of windows) await this.#noteFault(key, usageFault);
    }
  }

  /** Sums the traffic up. Without a capture or a vendor reading, the proxy's counter is the reading. */
  async #count(keys: readonly ManualWindow[]): Promise<void> {
    for (const { key, prompts, firstAt } of await sumManualTraffic(this.#parts.store, keys)) {
      if (firstAt === undefined) continue;
      const tracker = this.#openTracker();
      const parser = PROXY_COUNTER;
      const before = countedMeters([], firstAt);
      await takeProxyReading(tracker, { parser, key, phase: "before", meters: before });
      const after = countedMeters(prompts, timestampOf(tracker.clock.nowMs()));
      await takeProxyReading(tracker, { parser, key, phase: "after", meters: after });
    }
  }

  async #noteFault(key: ManualWindow, fault: string | undefined): Promise<void> {
    if (fault === undefined) return;
    await recordBadUsage(this.#openTracker(), key, badUsage(PROXY_SOURCE, fault));
  }

  async #take({ key, meters }: ProxyWindow, phase: Phase): Promise<void> {
    const tracker = this.#openTracker();
    const parser = VENDOR_HEADERS;
    await takeProxyReading(tracker, { parser, key, phase, meters: meters[phase]() });
  }

  #openTracker(): Tracker {
    this.#tracker ??= this.#parts.openTracker();
    return this.#tracker;
  }
}

/** Two meters that never reset; no tokens if an answer did not report its own. */
function countedMeters(prompts: readonly Prompt[], asOf: string): readonly Meter[] {
  const counter = { limit_window_minutes: null, as_of: asOf };
  const meters: Meter[] = [{ ...counter, name: "prompts", unit: "prompts", used: prompts.length }];
  // An answer without usage took an unknown number of tokens; an error took none.
  if (prompts.some(({ status, usage }) => status === 200 && usage === null)) return meters;
  const tokens = prompts.map(({ usage }) => (usage === null ? 0 : tokensIn(COST_BASIS, usage)));
  return [...meters, { ...counter, name: "proxy", unit: "tokens", used: sum(tokens) }];
}

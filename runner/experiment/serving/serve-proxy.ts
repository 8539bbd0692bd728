import { sum } from "simple-statistics";

import { badUsage } from "../../../ledger/domain/anomaly.ts";
import { MANUAL_EXPERIMENT } from "../../../ledger/domain/design.ts";
import type { Meter } from "../../../ledger/domain/meter.ts";
import type { ProxiedRequest } from "../../../ledger/domain/proxied-request.ts";
import { timestampOf } from "../../../ledger/domain/timestamp.ts";
import { tokensIn } from "../../../ledger/domain/token-basis.ts";
import { MAIN_AGENT } from "../../../ledger/domain/window.ts";
import type { LedgerStore } from "../../../ledger/store/store.ts";
import type { BudgetBook } from "../../gateway/budgets/budget-book.ts";
import { watchMinutes } from "../../gateway/budgets/watch-minutes.ts";
import type { Authority } from "../../gateway/proxy/mitm/authority.ts";
import { telemetryUrlOf } from "../../gateway/proxy/proxy.ts";
import type { Recorder } from "../../gateway/proxy/recording/record.ts";
import type { ReplayServer } from "../../gateway/proxy/recording/replay.ts";
import type { Prompt } from "../../gateway/traffic/attempt-traffic.ts";
import type { Configuration, Provider } from "../../plan/config/configuration.ts";
import { COST_BASIS } from "../../plan/config/cost-measure.ts";
import type { DataFolder } from "../../platform/environment/data-folder.ts";
import { agentIn, type Environment } from "../../platform/environment/environment.ts";
import {
  idOf,
  idOfRow,
  keyFields,
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
import { createTracker, type Tracker } from "../../tracker/windows/tracker.ts";
import { PROXY_SOURCE } from "../../tracker/windows/window-usage.ts";
import { openCounter } from "../spending/budget-counter.ts";
import type { Journal } from "../spending/journal.ts";
import { openBook } from "../spending/open-book.ts";
import { settleOrphans } from "../spending/settle-orphans.ts";
import { routeOf } from "../windows/run-agent.ts";
import { closeAll, type OpenProxy, openProxy } from "./open-proxy.ts";
import { aloneAt, holdProxyLock, findGoneProxies, nameProxy } from "./proxy-lock.ts";
import { ServedTelemetry } from "./served-telemetry.ts";

/** The proxy alone, for agents that you start yourself. */
export interface ServedProxy {
  readonly addresses: readonly AttemptAddress[];
  /** Null if no agent is intercepted. */
  readonly authority: Authority | null;
  close(): Promise<void>;
}

/** How the agent of one provider reaches the proxy. */
export interface AttemptAddress {
  readonly provider: string;
  /** The ledger records the agent's requests under this window. */
  readonly window: string;
  /** The agent's base URL. */
  readonly url: string;
  /** The agent's `HTTPS_PROXY`, if it has no setting for a base URL. */
  readonly proxyUrl: string;
  /** The agent's address for OpenTelemetry; null without `telemetry: otlp`. */
  readonly telemetryUrl: string | null;
}

export interface ServeParts {
  readonly configuration: Configuration;
  readonly folder: DataFolder;
  readonly journal: Journal;
  /** What the journal writes to. */
  readonly store: LedgerStore;
  readonly environment: Environment;
  /** Whether agents may use the proxy as their `HTTPS_PROXY`. */
  readonly isIntercepting: boolean;
  /** Null keeps no requests and answers. */
  readonly recorder: Recorder | null;
  /** Answers in place of every upstream; null sends requests to the upstreams. */
  readonly replay: ReplayServer | null;
  /** The providers that get an attempt address. */
  readonly providers: readonly Provider[];
  /** The first provider's window, e.g. `W0-01`. The other providers get the windows after it. */
  readonly window: string;
  readonly port?: number | undefined;
}

/** Manual windows belong to no experiment. */
const AGENT = "harness";
const COMMAND = "/manual";

/** Opens an attempt address for every provider. The ledger and the budgets work as in a run. */
export async function serveProxy(parts: ServeParts): Promise<ServedProxy> {
  const { configuration, folder, journal, environment, replay } = parts;
  await using opening = new AsyncDisposableStack();
  opening.defer(() => replay?.stop());
  const owner = nameProxy(environment.randomId());
  opening.defer(holdProxyLock(folder, owner));
  const counter = await openCounter(folder, environment.randomId(), journal);
  opening.defer(() => counter.close());
  const windows = new ManualWindows({ store: parts.store, openTracker: trackerOpener(parts) });
  opening.defer(() => windows.close());
  const telemetry = new ServedTelemetry(trackerOpener(parts));
  opening.defer(async () => {
    const absent = await telemetry.close((key) => windows.hasRequests(key));
    for (const sentence of absent) environment.stderr.write(`${sentence}\n`);
  });
  opening.defer(() => journal.settled());
  await settleCrashed(parts);
  const { book, admission } = openBook({
    configuration,
    experimentId: MANUAL_EXPERIMENT,
    journal,
    counter,
    isOverall: isOfRun(parts),
    clock: environment.clock,
    owner,
    say: (sentence) => void environment.stderr.write(`${sentence}\n`),
  });
  opening.defer(() => {
    for (const { key } of book.openAttempts()) book.closeAttempt(key);
  });
  const opened = await openProxy({
    ...parts,
    book,
    admission,
    tasks: [],
    isToldLane: false,
    writeRow: (row) => journal.post("proxy_telemetry", [row]),
    onRequestSettled: (request) => windows.settled(request),
  });
  opening.defer(() => opened.close());
  const open = addressOpener(parts, { ...opened, book, windows, telemetry });
  const addresses = parts.providers.map((provider, index) => {
    const { address, stopWatching } = open(provider, index);
    opening.defer(stopWatching);
    return address;
  });
  const authority = parts.isIntercepting ? await opened.authority() : null;
  const all = opening.move();
  return { addresses, authority, close: () => closeAll(all) };
}

function trackerOpener({ store, folder, environment }: ServeParts): () => Tracker {
  const { clock } = environment;
  const agent = agentIn(environment) ?? AGENT;
  return () => createTracker({ store, folder, agent, source: "automation", clock });
}

/** A proxy shares its overall budget with the experiment that is not complete, and with each later one. */
function isOfRun({ store, environment }: ServeParts) {
  const openedAt = timestampOf(environment.clock.nowMs());
  let unfinished: unknown = null;
  for (const row of store.read("experiments")) {
    if (row.record === "session_opened") unfinished = row["experiment_id"];
    if (row.record === "session_closed" && row["reason"] === "complete") unfinished = null;
  }
  return (row: Readonly<Record<string, unknown>>): boolean =>
    row["experiment_id"] === unfinished || String(row["recorded_at"]) >= openedAt;
}

/** Ends the requests that crashed proxies left in flight, and none of a proxy that still runs. */
async function settleCrashed({ folder, journal }: ServeParts): Promise<void> {
  await aloneAt(folder, () =>
    settleOrphans(journal.ledger.read("budgets"), {
      plan: { experimentId: MANUAL_EXPERIMENT, sets: [] },
      journal,
      isGone: findGoneProxies(folder),
      otherwise: COMMAND,
    }),
  );
}

interface ServedParts {
  readonly book: BudgetBook;
  readonly windows: ManualWindows;
  readonly telemetry: ServedTelemetry;
}

/** Opens a provider's attempt address, and the attempt in the budgets that its requests count in. */
function addressOpener(
  { configuration, environment, window: first, replay }: ServeParts,
  { book, windows, telemetry, proxy, upstreams, secrets }: OpenProxy & ServedParts,
) {
  const sessionId = environment.randomId();
  const held = secrets.hold();
  const agent = agentIn(environment) ?? MAIN_AGENT;
  return (provider: Provider, index: number) => {
    const window = windowAfter(first, index);
    const attempt = { window, attempt: 1, provider: provider.id, agent };
    const key = keyFields(attempt, "manual");
    book.openAttempt({ key, command: COMMAND, windowCap: null, isOpenEnded: true });
    const isReceiving = configuration.telemetry === "otlp";
    const take = isReceiving ? telemetry.open(attempt) : undefined;
    const { key: proxyKey, ...urls } = proxy.openAttempt({
      sessionId,
      experimentId: MANUAL_EXPERIMENT,
      ...routeOf({ configuration, upstreams }, provider, attempt),
      ...(agent === MAIN_AGENT ? {} : { windowAgent: agent }),
      ...(take === undefined
        ? {}
        : { takeTelemetry: async (line) => await take(secrets.redact(line)) }),
    });
    held.add([proxyKey]);
    // A replay is no work: the vendor's readings in a recording say nothing about today.
    if (replay === null) {
      windows.open(attempt, {
        before: () => proxy.firstMetersOf(proxyKey),
        after: () => proxy.metersOf(proxyKey),
      });
    }
    const stopWatching = watchMinutes({
      book,
      key,
      onSpent: (refusal) => proxy.refuseAttempt(proxyKey, refusal),
    });
    const telemetryUrl = isReceiving ? telemetryUrlOf(urls) : null;
    return { address: { provider: provider.id, window, ...urls, telemetryUrl }, stopWatching };
  };
}

function windowAfter(first: string, index: number): string {
  if (index === 0) return first;
  return first.replace(/\d+$/u, (number) =>
    String(BigInt(number) + BigInt(index)).padStart(number.length, "0"),
  );
}

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

import { MANUAL_EXPERIMENT } from "../../../ledger/domain/design.ts";
import { timestampOf } from "../../../ledger/domain/timestamp.ts";
import type { Usage } from "../../../ledger/domain/usage.ts";
import type { LedgerStore } from "../../../ledger/store/store.ts";
import { sayTightLimits } from "../../gateway/budgets/say-tight-limits.ts";
import { askedDollars } from "../../gateway/prices/price-book.ts";
import type { Authority } from "../../gateway/proxy/mitm/authority.ts";
import type { Recorder } from "../../gateway/proxy/recording/record.ts";
import type { Provider } from "../../plan/config/configuration.ts";
import type { DataFolder } from "../../platform/environment/data-folder.ts";
import { agentIn, type Environment } from "../../platform/environment/environment.ts";
import { createTracker, type Tracker } from "../../tracker/windows/tracker.ts";
import { openCounter } from "../spending/budget-counter.ts";
import type { Journal } from "../spending/journal.ts";
import { openBook } from "../spending/open-book.ts";
import { settleOrphans } from "../spending/settle-orphans.ts";
import { ManualWindows } from "./manual-windows.ts";
import { type AddressParts, type AttemptAddress, addressOpener, COMMAND } from "./open-address.ts";
import { closeAll, openProxy } from "./open-proxy.ts";
import { aloneAt, holdProxyLock, findGoneProxies, nameProxy } from "./proxy-lock.ts";
import { ServedTelemetry } from "./served-telemetry.ts";

/** The proxy alone, for agents that you start yourself. */
export interface ServedProxy {
  readonly addresses: readonly AttemptAddress[];
  /** Null if no agent is intercepted. */
  readonly authority: Authority | null;
  close(): Promise<void>;
}

export interface ServeParts extends AddressParts {
  readonly folder: DataFolder;
  readonly journal: Journal;
  /** What the journal writes to. */
  readonly store: LedgerStore;
  /** Whether agents may use the proxy as their `HTTPS_PROXY`. */
  readonly isIntercepting: boolean;
  /** Null keeps no requests and answers. */
  readonly recorder: Recorder | null;
  /** The providers that get an attempt address. */
  readonly providers: readonly Provider[];
  readonly port?: number | undefined;
}

const AGENT = "harness";

/** Opens an attempt address for every provider. The ledger and the budgets work as in a run. */
export async function serveProxy(parts: ServeParts): Promise<ServedProxy> {
  const { configuration, folder, journal, store, environment, replay, isIntercepting } = parts;
  const say = (sentence: string) => void environment.stderr.write(`${sentence}\n`);
  await using opening = new AsyncDisposableStack();
  opening.defer(() => replay?.stop());
  const owner = nameProxy(environment.randomId());
  opening.defer(holdProxyLock(folder, owner));
  const counter = await openCounter(folder, environment.randomId(), journal);
  opening.defer(() => counter.close());
  const openTracker = trackerOpener(store, folder, environment);
  const windows = new ManualWindows({ store, openTracker });
  opening.defer(() => windows.close());
  const telemetry = new ServedTelemetry(openTracker);
  opening.defer(async () => {
    const absent = await telemetry.close((key) => windows.hasRequests(key));
    for (const sentence of absent) say(sentence);
  });
  opening.defer(() => journal.settled());
  await settleCrashed(folder, journal);
  const { book, admission } = openBook({
    configuration,
    experimentId: MANUAL_EXPERIMENT,
    journal,
    counter,
    isOverall: isOfRun(store, environment),
    clock: environment.clock,
    owner,
    say,
  });
  opening.defer(() => {
    for (const { key } of book.openAttempts()) book.closeAttempt(key);
  });
  for (const sentence of sayTightLimits(book.limits, costsOf(parts))) say(sentence);
  const { proxy, upstreams, secrets, authority, close } = await openProxy({
    configuration,
    folder,
    environment,
    book,
    admission,
    recorder: parts.recorder,
    replay,
    isIntercepting,
    port: parts.port,
    tasks: [],
    isToldLane: false,
    writeRow: (row) => journal.post("proxy_telemetry", [row]),
    onRequestSettled: (request) => windows.settled(request),
  });
  opening.defer(() => close());
  const served = { book, windows, telemetry, proxy, upstreams, secrets };
  const open = addressOpener(parts, served);
  const addresses = parts.providers.map((provider, index) => {
    const { address, stopWatching } = open(provider, index);
    opening.defer(stopWatching);
    return address;
  });
  const intercepting = isIntercepting ? await authority() : null;
  const all = opening.move();
  return { addresses, authority: intercepting, close: () => closeAll(all) };
}

/** What a request costs with each provider's own model. */
function costsOf({ configuration, providers, environment }: ServeParts) {
  const { prices } = configuration;
  return providers.map(
    (provider) => (usage: Usage) =>
      askedDollars(prices, provider, usage, environment.clock.nowMs()),
  );
}

function trackerOpener(
  store: LedgerStore,
  folder: DataFolder,
  environment: Environment,
): () => Tracker {
  const { clock } = environment;
  const agent = agentIn(environment) ?? AGENT;
  return () => createTracker({ store, folder, agent, source: "automation", clock });
}

/** A proxy shares its overall budget with the experiment that is not complete, and with each later one. */
function isOfRun(store: LedgerStore, environment: Environment) {
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
async function settleCrashed(folder: DataFolder, journal: Journal): Promise<void> {
  await aloneAt(folder, () =>
    settleOrphans(journal.ledger.read("budgets"), {
      plan: { experimentId: MANUAL_EXPERIMENT, sets: [] },
      journal,
      isGone: findGoneProxies(folder),
      otherwise: COMMAND,
    }),
  );
}

import { MANUAL_EXPERIMENT } from "../../ledger/domain/experiment.ts";
import type { LedgerStore } from "../../ledger/store/store.ts";
import type { BudgetBook } from "../budgets/budget-book.ts";
import { watchMinutes } from "../budgets/watch-minutes.ts";
import type { Configuration, Provider } from "../config/configuration.ts";
import type { DataFolder } from "../data-folder.ts";
import type { Environment } from "../environment.ts";
import type { Authority } from "../proxy/mitm/authority.ts";
import type { Recorder } from "../proxy/recording/record.ts";
import type { ReplayServer } from "../proxy/recording/replay.ts";
import { createTracker } from "../tracker/tracker.ts";
import { routeOf } from "../windows/agent-worker.ts";
import type { Journal } from "./journal.ts";
import { ManualWindows } from "./manual-windows.ts";
import { openBook } from "./open-book.ts";
import { closeAll, type OpenProxy, openProxy } from "./open-proxy.ts";
import { aloneAt, holdProxyLock, isProxyGone, nameProxy } from "./proxy-lock.ts";
import { settleOrphans } from "./settle-orphans.ts";

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
  const windows = manualWindowsOf(parts);
  opening.defer(() => windows.close());
  opening.defer(() => journal.settled());
  await settleCrashed(parts);
  const { book, admission } = openBook({
    configuration,
    experimentId: MANUAL_EXPERIMENT,
    journal,
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
    onRequestSettled: (request) => {
      journal.post("proxy_telemetry", [request]);
      windows.settled(request);
    },
  });
  opening.defer(() => opened.close());
  const open = addressOpener(parts, { ...opened, book, windows });
  const addresses = parts.providers.map((provider, index) => {
    const { address, stopWatching } = open(provider, index);
    opening.defer(stopWatching);
    return address;
  });
  const all = opening.move();
  return { addresses, authority: opened.authority, close: () => closeAll(all) };
}

function manualWindowsOf({ store, folder, environment }: ServeParts): ManualWindows {
  const { clock, variables } = environment;
  const agent = variables["AGENT_ID"] ?? AGENT;
  const openTracker = () => createTracker({ store, folder, agent, source: "automation", clock });
  return new ManualWindows({ store, openTracker });
}

/** Ends the requests that crashed proxies left in flight, and none of a proxy that still runs. */
async function settleCrashed({ folder, journal }: ServeParts): Promise<void> {
  await aloneAt(folder, () =>
    settleOrphans(journal.ledger.read("budgets"), {
      plan: { experimentId: MANUAL_EXPERIMENT, sets: [] },
      journal,
      isGone: (reservation) => isProxyGone(folder, reservation),
      otherwise: COMMAND,
    }),
  );
}

/** Opens a provider's attempt address, and the attempt in the budgets that its requests count in. */
function addressOpener(
  { configuration, environment, window: first, replay }: ServeParts,
  { book, windows, proxy, upstreams }: OpenProxy & { book: BudgetBook; windows: ManualWindows },
) {
  const sessionId = environment.randomId();
  return (provider: Provider, index: number) => {
    const window = windowAfter(first, index);
    const attempt = { window, attempt: 1, provider: provider.id };
    const manual = { experiment_id: MANUAL_EXPERIMENT, feature_id: "manual" };
    const key = { ...manual, ...attempt, replicate: 1, period: 1 };
    book.openAttempt({ key, command: COMMAND, windowCap: null });
    const { key: proxyKey, ...urls } = proxy.openAttempt({
      sessionId,
      experimentId: MANUAL_EXPERIMENT,
      ...routeOf({ configuration, upstreams }, provider, attempt),
    });
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
    return { address: { provider: provider.id, window, ...urls }, stopWatching };
  };
}

function windowAfter(first: string, index: number): string {
  const [, cycle = "", number = ""] = /^(W\d+-)(\d{2,})$/.exec(first) ?? [];
  return `${cycle}${String(Number(number) + index).padStart(number.length, "0")}`;
}

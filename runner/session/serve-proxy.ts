import { MANUAL_EXPERIMENT } from "../../ledger/domain/experiment.ts";
import type { LedgerStore } from "../../ledger/store/store.ts";
import type { BudgetBook } from "../budgets/budget-book.ts";
import { budgetStatus } from "../budgets/budget-status.ts";
import { refusalSentence } from "../budgets/refusal-sentence.ts";
import { watchMinutes } from "../budgets/watch-minutes.ts";
import type { Configuration, Provider } from "../config/configuration.ts";
import type { Environment } from "../environment.ts";
import type { Authority } from "../proxy/mitm/authority.ts";
import { VENDOR_HOSTS } from "../proxy/mitm/intercept.ts";
import type { Proxy, Upstream } from "../proxy/proxy.ts";
import { startProxy } from "../proxy/start-proxy.ts";
import type { Recorder } from "../proxy/tape/record.ts";
import type { ReplayServer } from "../proxy/tape/replay.ts";
import { createTracker } from "../tracker/tracker.ts";
import type { DataFolder } from "./data-folder.ts";
import { HandWindows } from "./hand-windows.ts";
import type { Journal } from "./journal.ts";
import { openBook } from "./open-book.ts";
import { aloneAt, holdProxyLock, isProxyGone, nameProxy } from "./proxy-lock.ts";
import { settleOrphans } from "./settle-orphans.ts";
import { type RunningUpstreams, startUpstreams } from "./start-upstreams.ts";

/** The proxy alone, for agents that somebody starts by hand. */
export interface ServedProxy {
  readonly proxy: Proxy;
  readonly doors: readonly Door[];
  readonly statusKey: string;
  close(): Promise<void>;
}

/** A provider's way through the proxy. */
interface Door {
  readonly provider: string;
  /** The window that its requests are recorded under. */
  readonly window: string;
  /** The base URL for the provider's agent. */
  readonly url: string;
  /** The same as its `HTTPS_PROXY`. */
  readonly proxyUrl: string;
}

export interface ServeParts {
  /** Signs for the vendors' hosts; null opens no door for `HTTPS_PROXY`. */
  readonly authority: Authority | null;
  readonly configuration: Configuration;
  readonly folder: DataFolder;
  readonly journal: Journal;
  /** What the journal writes to. */
  readonly store: LedgerStore;
  readonly environment: Environment;
  /** Keeps what passes; null where nobody asked for it. */
  readonly recorder: Recorder | null;
  /** Where every request goes instead of its upstream; null for the upstreams themselves. */
  readonly replay: ReplayServer | null;
  /** Those that get a door. */
  readonly providers: readonly Provider[];
  /** The first provider's window, e.g. `W0-01`; the others get those that follow. */
  readonly window: string;
  readonly port?: number;
}

/** Windows that no plan knows belong to no experiment. */
const AGENT = "harness";
const COMMAND = "/manual";

/** Opens a door for every provider; what passes is metered, budgeted and recorded as in a run. */
export async function serveProxy(parts: ServeParts): Promise<ServedProxy> {
  const { configuration, journal, environment } = parts;
  const owner = nameProxy(environment.randomId());
  const letGo = holdProxyLock(parts.folder, owner);
  await settleCrashed(parts);
  const upstreams = await startUpstreams(configuration, [], environment);
  const { book, admission } = openBook({
    configuration,
    experimentId: MANUAL_EXPERIMENT,
    journal,
    clock: environment.clock,
    owner,
    say: (sentence) => void environment.stderr.write(`${sentence}\n`),
  });
  const windows = handWindowsOf(parts);
  const statusKey = environment.randomId();
  const proxy = await startProxy({
    clock: environment.clock,
    admission,
    randomId: environment.randomId,
    priceOf: (...asked) => configuration.prices.dollars(...asked),
    onRequestSettled: (request) => {
      journal.post("proxy_telemetry", [request]);
      windows.settled(request);
    },
    statusKey,
    ...(parts.authority === null
      ? {}
      : { interception: { authority: parts.authority, hosts: VENDOR_HOSTS } }),
    ...(parts.recorder === null ? {} : { recorder: parts.recorder }),
    readBudgets: () => budgetStatus(book),
    ...(parts.port === undefined ? {} : { port: parts.port }),
  });
  const open = openerOf(parts, { book, proxy, upstreams, windows });
  const opened = parts.providers.map(open);
  return {
    proxy,
    statusKey,
    doors: opened.map(({ door }) => door),
    close: async () => {
      for (const { stopWatching } of opened) stopWatching();
      await inTurn([
        () => proxy.stop(),
        () => {
          for (const { key } of book.openAttempts()) book.closeAttempt(key);
        },
        () => upstreams.stop(),
        () => parts.replay?.stop(),
        () => journal.settled(),
        () => windows.close(),
        letGo,
      ]);
    },
  };
}

/** Takes every step, whatever becomes of those before it, and tells of the first that failed. */
async function inTurn(steps: readonly (() => Promise<void> | void)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

function handWindowsOf({ store, folder, environment }: ServeParts): HandWindows {
  const { clock, variables } = environment;
  const agent = variables["AGENT_ID"] ?? AGENT;
  const openTracker = () => createTracker({ store, folder, agent, source: "automation", clock });
  return new HandWindows({ store, openTracker });
}

/** Ends what proxies left in flight that are gone; of those that are open nothing is touched. */
async function settleCrashed({ folder, journal }: ServeParts): Promise<void> {
  await aloneAt(folder, () =>
    settleOrphans(journal.ledger.read("budgets"), {
      plan: { experimentId: MANUAL_EXPERIMENT, units: [] },
      journal,
      isGone: (reservation) => isProxyGone(folder, reservation),
      otherwise: COMMAND,
    }),
  );
}

/** Opens a provider's door, and an attempt in the budgets for what comes by it. */
function openerOf(
  { configuration, environment, window: first, replay }: ServeParts,
  {
    book,
    proxy,
    upstreams,
    windows,
  }: {
    readonly book: BudgetBook;
    readonly proxy: Proxy;
    readonly upstreams: RunningUpstreams;
    readonly windows: HandWindows;
  },
) {
  const sessionId = environment.randomId();
  const { requestsPerS } = configuration.limits;
  return (provider: Provider, index: number) => {
    const window = windowAfter(first, index);
    const key = keyOf(window, provider.id);
    book.openAttempt({ key, command: COMMAND, windowCap: null });
    const opened = proxy.openAttempt({
      sessionId,
      experimentId: MANUAL_EXPERIMENT,
      window,
      attempt: 1,
      provider: provider.id,
      upstream: played(upstreams.upstreamOf(provider), replay),
      routes: {
        rules: upstreams
          .routesOf(provider)
          .map((rule) => ({ ...rule, to: played(rule.to, replay) })),
        seed: `${configuration.seed}|${window}|1`,
      },
      ...(requestsPerS === null ? {} : { requestsPerS }),
    });
    // What a vendor told when the tape was made is no reading of now, and nothing of a replay is work.
    if (replay === null) {
      windows.open(
        { window, attempt: 1, provider: provider.id },
        {
          before: () => proxy.firstMetersOf(opened.key),
          after: () => proxy.metersOf(opened.key),
        },
      );
    }
    const stopWatching = watchMinutes({
      book,
      key,
      onSpent: (spent) => {
        const refusal = { budget: spent.name, sentence: refusalSentence(spent) };
        proxy.refuseAttempt(opened.key, refusal);
      },
    });
    const { url, proxyUrl } = opened;
    return { door: { provider: provider.id, window, url, proxyUrl }, stopWatching };
  };
}

/** In a replay the recording stands for the upstream, and no key leaves. */
function played(upstream: Upstream, replay: ReplayServer | null): Upstream {
  if (replay === null) return upstream;
  const auth = { mode: "key", key: "replay", header: "x-api-key" } as const;
  return { ...upstream, baseUrl: replay.origin, auth };
}

function windowAfter(first: string, index: number): string {
  const [, cycle = "", number = ""] = /^(W\d+-)(\d{2,})$/.exec(first) ?? [];
  return `${cycle}${String(Number(number) + index).padStart(number.length, "0")}`;
}

function keyOf(window: string, provider: string) {
  return {
    experiment_id: MANUAL_EXPERIMENT,
    window,
    attempt: 1,
    provider,
    feature_id: "manual",
    replicate: 1,
    period: 1,
  };
}

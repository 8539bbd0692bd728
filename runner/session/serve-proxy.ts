import { BudgetAdmission } from "../budgets/budget-admission.ts";
import { BudgetBook } from "../budgets/budget-book.ts";
import { budgetStatus } from "../budgets/budget-status.ts";
import { toLimits } from "../budgets/resolve-budgets.ts";
import type { Configuration, Provider } from "../config/configuration.ts";
import type { Environment } from "../environment.ts";
import type { Authority } from "../proxy/mitm/authority.ts";
import { VENDOR_HOSTS } from "../proxy/mitm/intercept.ts";
import type { Proxy, Upstream } from "../proxy/proxy.ts";
import { startProxy } from "../proxy/start-proxy.ts";
import type { Recorder } from "../proxy/tape/record.ts";
import type { ReplayServer } from "../proxy/tape/replay.ts";
import type { Journal } from "./journal.ts";
import { startUpstreams } from "./start-upstreams.ts";

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
  readonly journal: Journal;
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
const BY_HAND = "manual";
const COMMAND = "/manual";

/** Opens a door for every provider; what passes is metered, budgeted and recorded as in a run. */
export async function serveProxy(parts: ServeParts): Promise<ServedProxy> {
  const { configuration, journal, environment } = parts;
  const upstreams = await startUpstreams(configuration, [], environment);
  const book = new BudgetBook({
    limits: toLimits(configuration.budgets),
    spentBefore: 0,
    onEvent: (event) => journal.post("budgets", [event]),
  });
  const statusKey = environment.randomId();
  const proxy = await startProxy({
    clock: environment.clock,
    admission: new BudgetAdmission(book),
    randomId: environment.randomId,
    priceOf: (...request) => configuration.prices.dollars(...request),
    onRequestSettled: (request) => journal.post("proxy_telemetry", [request]),
    statusKey,
    ...(parts.authority === null
      ? {}
      : { interception: { authority: parts.authority, hosts: VENDOR_HOSTS } }),
    ...(parts.recorder === null ? {} : { recorder: parts.recorder }),
    readBudgets: () => budgetStatus(book),
    ...(parts.port === undefined ? {} : { port: parts.port }),
  });
  const sessionId = environment.randomId();
  const { providers } = parts;
  const open = (provider: Provider, index: number): Door => {
    const window = windowAfter(parts.window, index);
    book.openAttempt({ key: keyOf(window, provider.id), command: COMMAND, windowCap: null });
    const { url, proxyUrl } = proxy.openAttempt({
      sessionId,
      experimentId: BY_HAND,
      window,
      attempt: 1,
      provider: provider.id,
      upstream: played(upstreams.upstreamOf(provider), parts.replay),
      routes: {
        rules: upstreams
          .routesOf(provider)
          .map((rule) => ({ ...rule, to: played(rule.to, parts.replay) })),
        seed: `${configuration.seed}|${window}|1`,
      },
    });
    return { provider: provider.id, window, url, proxyUrl };
  };
  return {
    proxy,
    statusKey,
    doors: providers.map(open),
    close: async () => {
      await proxy.stop();
      await upstreams.stop();
      await parts.replay?.stop();
      await journal.settled();
    },
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
    experiment_id: BY_HAND,
    window,
    attempt: 1,
    provider,
    feature_id: "manual",
    replicate: 1,
    period: 1,
  };
}

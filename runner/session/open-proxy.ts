import path from "node:path";

import type { BudgetBook } from "../budgets/budget-book.ts";
import { budgetStatus } from "../budgets/budget-status.ts";
import type { Configuration } from "../config/configuration.ts";
import type { DataFolder } from "../data-folder.ts";
import type { Environment } from "../environment.ts";
import { type Authority, openAuthority } from "../proxy/mitm/authority.ts";
import { VENDOR_HOSTS } from "../proxy/mitm/intercept.ts";
import type { Proxy, ProxyOptions } from "../proxy/proxy.ts";
import { startProxy } from "../proxy/start-proxy.ts";
import { leaveNotice } from "./proxy-notice.ts";
import type { RunningUpstreams } from "./start-upstreams.ts";

/** The proxy of a session, the upstreams behind it, and the file that says where it is. */
export interface OpenProxy {
  readonly proxy: Proxy;
  readonly upstreams: RunningUpstreams;
  /** Null if no agent is intercepted. */
  readonly authority: Authority | null;
  close(): Promise<void>;
}

interface OpenProxyParts extends Pick<ProxyOptions, "admission" | "onRequestSettled" | "recorder"> {
  readonly configuration: Configuration;
  readonly folder: DataFolder;
  readonly environment: Environment;
  readonly book: BudgetBook;
  readonly startUpstreams: () => Promise<RunningUpstreams>;
  /** Whether agents may use the proxy as their `HTTPS_PROXY`. */
  readonly isIntercepting: boolean;
  readonly port?: number | undefined;
}

/** Opens the proxy and what it needs. If a step fails, everything that is already open is closed. */
export async function openProxy(parts: OpenProxyParts): Promise<OpenProxy> {
  const { configuration, folder, environment, book, admission, onRequestSettled } = parts;
  const { clock, randomId } = environment;
  await using opening = new AsyncDisposableStack();
  const authority = parts.isIntercepting
    ? await openAuthority(path.join(folder.root, "mitm"), clock)
    : null;
  const upstreams = await parts.startUpstreams();
  opening.defer(() => upstreams.stop());
  const statusKey = randomId();
  const proxy = await startProxy({
    clock,
    randomId,
    admission,
    onRequestSettled,
    recorder: parts.recorder,
    priceOf: (...request) => configuration.prices.dollars(...request),
    interception: authority && { authority, hosts: VENDOR_HOSTS },
    statusKey,
    readBudgets: () => budgetStatus(book),
    port: parts.port,
  });
  opening.defer(() => proxy.stop());
  opening.defer(leaveNotice(folder, { origin: proxy.origin, key: statusKey, pid: process.pid }));
  const opened = opening.move();
  return { proxy, upstreams, authority, close: () => closeAll(opened) };
}

/** Closes in reverse order, whatever fails on the way, and throws the first failure. */
export async function closeAll(opened: AsyncDisposableStack): Promise<void> {
  try {
    await opened.disposeAsync();
  } catch (error) {
    let first: unknown = error;
    while (first instanceof SuppressedError) first = first.suppressed;
    throw first;
  }
}

import type { Socket } from "node:net";

import { buildConnector, type Dispatcher, Pool } from "undici";

import { type CompanyNetwork, type CompanyProxy, hostOf } from "./company-network.ts";
import { authorize, dial } from "./dial.ts";
import { PROXY_FAULT } from "./mend-network.ts";

const CONNECT_TIMEOUT_MS = 30_000;

interface PoolOptions extends Pick<
  Pool.Options,
  "connections" | "maxHeaderSize" | "headersTimeout" | "bodyTimeout"
> {
  /** Called with every socket that requests are written to. */
  readonly onSocket?: (socket: Socket) => void;
}

/**
 * Connections to an origin, through the company's proxy if it leads there.
 * @throws ConfigurationError if what the company's variables name can't be used.
 */
export function openPool(
  origin: string,
  network: CompanyNetwork,
  { onSocket = () => undefined, ...options }: PoolOptions = {},
): Dispatcher {
  const { scheme, asked } = hostOf(new URL(origin));
  const proxy = network.proxyFor(scheme, asked);
  const isTunnelled = proxy !== null && scheme === "https";
  const connect = isTunnelled ? tunnelling(proxy, network) : direct(network);
  const pool = (to: string, by: buildConnector.connector) =>
    new Pool(to, { ...options, connect: watched(by, onSocket), allowH2: false });
  if (proxy === null || isTunnelled) return pool(origin, connect);
  return pool(originOf(proxy), naming(proxy, connect)).compose(askProxyFor(origin, proxy));
}

function direct(network: CompanyNetwork): buildConnector.connector {
  const options = { timeout: CONNECT_TIMEOUT_MS, allowH2: false };
  const connect = buildConnector(options);
  let trusting: buildConnector.connector | undefined;
  return (to, callback) => {
    if (to.protocol !== "https:") return connect(to, callback);
    const secureContext = network.secureContext();
    trusting ??= buildConnector({ ...options, ...(secureContext && { secureContext }) });
    return trusting(to, callback);
  };
}

/** TLS to the host itself, inside a connection through the proxy. */
function tunnelling(proxy: CompanyProxy, network: CompanyNetwork): buildConnector.connector {
  const connect = direct(network);
  return (to, callback) => {
    const { asked } = hostOf(new URL(`${to.protocol}//${to.host ?? to.hostname}`));
    const fail = (error: Error): void => callback(new ProxyFailed(proxy, error), null);
    const socket = dial(asked, network, () => {
      socket.off("error", fail).setTimeout(0);
      connect({ ...to, httpSocket: socket }, callback);
    });
    socket.once("error", fail).setTimeout(CONNECT_TIMEOUT_MS, () => {
      socket.destroy(new ProxySilent("The proxy does not answer."));
    });
  };
}

class ProxySilent extends Error {
  readonly code = "ETIMEDOUT";
}

/** A failure is the proxy's. */
function naming(proxy: CompanyProxy, connect: buildConnector.connector): buildConnector.connector {
  return (to, callback) =>
    connect(to, (...result) => {
      const [error] = result;
      if (error === null) callback(...result);
      else callback(new ProxyFailed(proxy, error), null);
    });
}

/** The company's proxy was not reached, or refused. */
class ProxyFailed extends Error {
  readonly code: string;

  constructor({ variable, shown }: CompanyProxy, cause: Error) {
    super(`${variable} ${shown}: ${cause.message}`, { cause });
    const code = "code" in cause ? String(cause.code) : "network_error";
    this.code = code.startsWith(PROXY_FAULT) ? code : `${PROXY_FAULT}${code}`;
  }
}

function watched(
  connect: buildConnector.connector,
  onSocket: (socket: Socket) => void,
): buildConnector.connector {
  return (to, callback) =>
    connect(to, (...result) => {
      const [error, socket] = result;
      if (error === null) onSocket(socket);
      callback(...result);
    });
}

function originOf({ host, port, isSecure }: CompanyProxy): string {
  return `${isSecure ? "https" : "http"}://${host}:${String(port)}`;
}

/** Proxies lead plain HTTP by the whole address, and often open no tunnel for it. */
function askProxyFor(origin: string, proxy: CompanyProxy): Dispatcher.DispatcherComposeInterceptor {
  const { host } = new URL(origin);
  const added = Object.entries({ host, ...authorize(proxy) }).flat();
  return (dispatch) => (options, handler) => {
    const { headers } = options;
    const own = Array.isArray(headers) ? headers : Object.entries(headers ?? {}).flat();
    return dispatch(
      { ...options, path: `${origin}${options.path}`, headers: [...own, ...added] },
      handler,
    );
  };
}

import { request } from "node:http";
import { connect, isIPv6, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

import type { CompanyNetwork, CompanyProxy } from "./company-network.ts";
import type { HostPort } from "./host-list.ts";
import { PROXY_STATUS } from "./mend-network.ts";

const OK = 200;

/** A host, and the address that it is known to have. */
export interface Dialled extends HostPort {
  readonly address?: string;
}

/**
 * Opens a connection to a host, through the company's proxy if it leads there, and calls back when bytes can pass.
 * Until then the socket's "error" says why not. The proxy gets the name: it looks names up itself.
 */
export function dial(
  { host, port, address = host }: Dialled,
  network: CompanyNetwork,
  onOpen: () => void,
): Socket {
  const asked = { host, port };
  const proxy = network.proxyFor("https", asked);
  if (proxy === null) return connect({ host: address, port }).once("connect", onOpen);
  const socket = connectTo(proxy, network);
  askForTunnel(socket, { proxy, asked }, onOpen);
  return socket;
}

function connectTo(
  { host: written, port, isSecure }: CompanyProxy,
  network: CompanyNetwork,
): Socket {
  const host = written.replaceAll(/^\[|\]$/gu, "");
  if (!isSecure) return connect({ host, port });
  const secureContext = network.secureContext();
  return connectTls({ host, port, servername: host, ...(secureContext && { secureContext }) });
}

interface Tunnel {
  readonly proxy: CompanyProxy;
  readonly asked: HostPort;
}

function askForTunnel(socket: Socket, { proxy, asked }: Tunnel, onOpen: () => void): void {
  const { host, port } = asked;
  const target = `${isIPv6(host) ? `[${host}]` : host}:${String(port)}`;
  const asking = request({
    method: "CONNECT",
    path: target,
    headers: { host: target, ...authorize(proxy) },
    createConnection: () => socket,
  });
  asking.once("error", (error) => socket.destroy(error));
  asking.once("connect", ({ statusCode = 0 }, _socket, head: Buffer) => {
    if (statusCode !== OK) return void socket.destroy(new TunnelRefused(target, statusCode));
    if (head.length > 0) socket.unshift(head);
    onOpen();
  });
  asking.end();
}

/** The header that names the proxy's user. */
export function authorize({ authorization }: CompanyProxy): Readonly<Record<string, string>> {
  return authorization === null ? {} : { "proxy-authorization": authorization };
}

/** The company's proxy leads to itself and no further. */
class TunnelRefused extends Error {
  readonly code: string;

  constructor(target: string, status: number) {
    const cause = status === 407 ? ", because it asks for another user or password" : "";
    super(`status ${String(status)} for ${target}${cause}`);
    this.code = `${PROXY_STATUS}${String(status)}`;
  }
}

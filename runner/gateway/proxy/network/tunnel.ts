import { lookup } from "node:dns/promises";
import { isIP, type Socket } from "node:net";
import type { Duplex } from "node:stream";

import type { CompanyNetwork } from "../../../platform/network/company-network.ts";
import { dial, type Dialled } from "../../../platform/network/dial.ts";
import type { Target } from "./connection-log.ts";
import { isLoopback, isPublicAddress } from "./public-address.ts";

/** A client that sent CONNECT: its connection, and what it sent after the request. */
export interface Client {
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** An answer to CONNECT that opens nothing. */
export interface Refused {
  readonly status: string;
  readonly sentence?: string;
}

const CONNECT_LIMIT_MS = 30_000;
const ESTABLISHED = "HTTP/1.1 200 Connection Established\r\n\r\n";

const UNREACHED: Refused = {
  status: "502 Bad Gateway",
  sentence: "The host could not be reached.",
};

/**
 * An address of a host that the whole internet reaches; undefined if it has none. The caller connects to
 * the address itself, so that a name can't lead elsewhere the second time.
 * @param publicLoopbackPort counts as public, for tests without a network.
 */
export async function findPublicAddress(
  { host, port }: Target,
  publicLoopbackPort: number | undefined,
): Promise<string | undefined> {
  const named = isIP(host) === 0 ? await lookup(host, { all: true }) : [{ address: host }];
  return named
    .map(({ address }) => address)
    .find((address) => {
      const isDeclared = port === publicLoopbackPort && isLoopback(address);
      return isDeclared || isPublicAddress(address);
    });
}

/** Says that the connection is open. What the client sent early comes first. */
export function establish({ socket, head }: Client): void {
  socket.write(ESTABLISHED);
  if (head.length > 0) socket.unshift(head);
}

/** Passes bytes both ways, unread. Returns the connection to the host or to the company's proxy. */
export function tunnel(client: Client, target: Dialled, network: CompanyNetwork): Socket {
  const { socket } = client;
  let isOpen = false;
  const upstream = dial(target, network, () => {
    isOpen = true;
    upstream.setTimeout(0);
    establish(client);
    socket.pipe(upstream).pipe(socket);
  });
  upstream.setTimeout(CONNECT_LIMIT_MS, () => upstream.destroy());
  upstream.once("error", () => {
    if (isOpen) socket.destroy();
  });
  upstream.once("close", () => {
    if (isOpen) socket.end();
    else turnAway(client, UNREACHED);
  });
  socket.once("close", () => upstream.destroy());
  return upstream;
}

export function turnAway({ socket }: Client, { status, sentence = "" }: Refused): void {
  const challenge = status.startsWith("407") ? 'Proxy-Authenticate: Basic realm="proxy"\r\n' : "";
  const length = Buffer.byteLength(sentence);
  const head = `${challenge}Content-Type: text/plain\r\nContent-Length: ${String(length)}\r\nConnection: close`;
  socket.end(`HTTP/1.1 ${status}\r\n${head}\r\n\r\n${sentence}`);
}

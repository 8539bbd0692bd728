import type { IncomingMessage, Server } from "node:http";
import { connect, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";

import type { AttemptSockets } from "../attempt-sockets.ts";
import { type Attempt, findReached } from "../attempts.ts";
import type { Authority } from "./authority.ts";

/** Settings for clients that believe they talk to the vendor. */
export interface Interception {
  readonly authority: Authority;
  /** The proxy reads, routes and meters the requests to these hosts. It tunnels all others unread. */
  readonly hosts: readonly string[];
  /** Ports that may be tunnelled to. */
  readonly tunnelPorts?: readonly number[];
}

/** The hosts of the vendors' models. */
export const VENDOR_HOSTS: readonly string[] = [
  "api.anthropic.com",
  "api.openai.com",
  "chatgpt.com",
  "generativelanguage.googleapis.com",
];

const HTTPS_PORT = 443;
const CONNECT_LIMIT_MS = 30_000;
const TARGET = /^([a-z0-9.-]{1,253}):(\d{1,5})$/i;

/** The keys of connections whose requests have no key in their path, and the host that they ask. */
export type InterceptedKeys = WeakMap<object, { readonly key: string; readonly host: string }>;

interface ConnectParts {
  readonly server: Server;
  readonly attempts: ReadonlyMap<string, Attempt>;
  readonly sockets: Pick<AttemptSockets, "ownerOf">;
  readonly interception: Interception;
  readonly keys: InterceptedKeys;
}

/**
 * Accepts CONNECT requests: the user part of the proxy's URL is the attempt's key. The returned
 * function closes every such connection, because the server does not track them.
 */
export function listenForConnects(parts: ConnectParts): () => void {
  const sockets = new Set<Duplex>();
  parts.server.on("connect", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => sockets.delete(socket));
    void letIn(parts, request, { socket, head }).catch(() => socket.destroy());
  });
  return () => {
    for (const socket of sockets) socket.destroy();
  };
}

interface Client {
  readonly socket: Duplex;
  readonly head: Buffer;
}

async function letIn(parts: ConnectParts, request: IncomingMessage, client: Client): Promise<void> {
  const { attempts, sockets, interception } = parts;
  const key = keyOf(request.headers["proxy-authorization"]);
  if (key === null) return turnAway(client, "407 Proxy Authentication Required");
  const attempt = findReached({ attempts, sockets }, key, client.socket);
  const [, host = "", port = ""] = TARGET.exec(request.url ?? "") ?? [];
  if (attempt === undefined || host === "") return turnAway(client, "403 Forbidden");
  if (interception.hosts.includes(host.toLowerCase())) {
    return await intercept(parts, client, { host: host.toLowerCase(), key });
  }
  const ports = interception.tunnelPorts ?? [HTTPS_PORT];
  if (attempt.refusal !== null || !ports.includes(Number(port))) {
    return turnAway(client, "403 Forbidden");
  }
  tunnel(client, { host, port: Number(port) });
}

/** Gives the connection to the proxy's own server. Only its key comes another way. */
async function intercept(
  { server, interception, keys }: ConnectParts,
  { socket, head }: Client,
  { host, key }: { readonly host: string; readonly key: string },
): Promise<void> {
  const secureContext = await interception.authority.contextFor(host);
  socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
  if (head.length > 0) socket.unshift(head);
  if (!(socket instanceof Socket)) return turnAway({ socket, head }, "403 Forbidden");
  const secure = new TLSSocket(socket, {
    isServer: true,
    secureContext,
    ALPNProtocols: ["http/1.1"],
  });
  secure.on("error", () => secure.destroy());
  keys.set(secure, { key, host });
  server.emit("connection", secure);
}

/** Passes bytes both ways, unread. */
function tunnel(
  { socket, head }: Client,
  { host, port }: { readonly host: string; readonly port: number },
): void {
  const upstream = connect({ host, port });
  upstream.setTimeout(CONNECT_LIMIT_MS, () => upstream.destroy());
  let isOpen = false;
  const close = (): void => {
    upstream.destroy();
    if (isOpen) socket.destroy();
    else turnAway({ socket, head }, "502 Bad Gateway");
  };
  upstream.once("error", close).once("close", close);
  socket.once("close", () => upstream.destroy());
  upstream.once("connect", () => {
    isOpen = true;
    upstream.setTimeout(0);
    socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    if (head.length > 0) upstream.write(head);
    socket.pipe(upstream).pipe(socket);
  });
}

function turnAway({ socket }: Client, status: string): void {
  const challenge = status.startsWith("407") ? 'Proxy-Authenticate: Basic realm="proxy"\r\n' : "";
  socket.end(`HTTP/1.1 ${status}\r\n${challenge}Content-Length: 0\r\nConnection: close\r\n\r\n`);
}

/** The user part of `http://KEY@127.0.0.1:PORT`. */
function keyOf(authorization: string | undefined): string | null {
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]{1,512})$/i.exec(authorization ?? "") ?? [];
  if (encoded === undefined) return null;
  return Buffer.from(encoded, "base64").toString().split(":")[0] ?? null;
}

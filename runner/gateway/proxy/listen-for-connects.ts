import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

import type { CompanyNetwork } from "../../platform/network/company-network.ts";
import type { AttemptSockets } from "./attempt-sockets.ts";
import { type Attempt, findReached } from "./attempts.ts";
import { type InterceptedKeys, type Interception, intercept } from "./mitm/intercept.ts";
import type { Target } from "./network/connection-log.ts";
import { isAllowed } from "./network/network-policy.ts";
import {
  type Client,
  findPublicAddress,
  type Refused,
  tunnel,
  turnAway,
} from "./network/tunnel.ts";
import { giveAnswer } from "./own-answer.ts";

const HTTPS_PORT = 443;
const HTTP_PORT = 80;
const PORT_MAX = 65_535;
const NAMED = /^(?<host>[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\]):(?<port>\d{1,5})$/iu;

const NO_KEY: Refused = { status: "407 Proxy Authentication Required" };
const REFUSED: Refused = { status: "403 Forbidden" };
const BLOCKED_SENTENCE =
  "This window may not connect to that host. The fields network in experiment.yaml and task.yaml name the hosts that are allowed.";
const BLOCKED: Refused = { status: "403 Forbidden", sentence: BLOCKED_SENTENCE };
const OVER: Refused = { status: "403 Forbidden", sentence: "This run is over." };
const UNKNOWN_HOST: Refused = {
  status: "502 Bad Gateway",
  sentence: "The host's name leads to no address.",
};
/** Counted for what names no host that could be reached. */
const UNREADABLE: Target = { host: "(unreadable)", port: 0 };

interface Ways {
  readonly attempts: ReadonlyMap<string, Attempt>;
  readonly sockets: Pick<AttemptSockets, "ownerOf">;
}

interface ConnectParts extends Ways {
  readonly server: Server;
  /** Null reads no connection. */
  readonly interception: Interception | null;
  readonly keys: InterceptedKeys;
  readonly publicLoopbackPort: number | undefined;
  readonly company: CompanyNetwork;
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

async function letIn(parts: ConnectParts, request: IncomingMessage, client: Client): Promise<void> {
  const { sockets } = parts;
  const key = keyOf(request.headers["proxy-authorization"]) ?? sockets.ownerOf(client.socket);
  if (key === undefined) return turnAway(client, NO_KEY);
  const target = readNamed(request.url ?? "");
  const attempt = findReached(parts, key, client.socket);
  if (attempt === undefined) {
    ownerOf(parts, client.socket)?.connections.block(target ?? UNREADABLE);
    return turnAway(client, REFUSED);
  }
  const vendor = vendorFor(parts, attempt, { key, target });
  if (vendor !== null) return await intercept(parts, client, vendor);
  if (attempt.refusal !== null) return turnAway(client, OVER);
  if (attempt.isBehindSocket) return await letOut(parts, { attempt, target, client });
  if (!mayTunnel(parts, attempt, target)) return turnAway(client, REFUSED);
  tunnel(client, target, parts.company);
}

/** Whether an agent with a network of its own may have a tunnel. */
function mayTunnel(
  { interception }: ConnectParts,
  { route: { renewals } }: Attempt,
  target: Target | null,
): target is Target {
  const isItsProxy = interception !== null || renewals !== undefined;
  const ports = isItsProxy ? (interception?.tunnelPorts ?? [HTTPS_PORT]) : [];
  return target !== null && ports.includes(target.port);
}

/**
 * The host in whose place the proxy answers, and what opens its TLS; null for any other. An agent with a base URL has
 * no reason to ask a vendor, but for a renewed log-in.
 */
function vendorFor(
  { interception }: ConnectParts,
  { route }: Attempt,
  { key, target }: { readonly key: string; readonly target: Target | null },
) {
  const host = target?.host ?? "";
  const { isIntercepted = true, renewals } = route;
  if (renewals?.hosts.includes(host) === true) return { key, host, authority: renewals.authority };
  if (!isIntercepted || interception?.hosts.includes(host) !== true) return null;
  return { key, host, authority: interception.authority };
}

/** Connects a sandboxed agent to a host that its window's policy allows, and counts what it asks for. */
async function letOut(
  { publicLoopbackPort, company }: ConnectParts,
  {
    attempt,
    target,
    client,
  }: { readonly attempt: Attempt; readonly target: Target | null; readonly client: Client },
): Promise<void> {
  const { connections, route } = attempt;
  if (target === null || !isAllowed(route.network ?? "closed", target.host)) {
    connections.block(target ?? UNREADABLE);
    return turnAway(client, BLOCKED);
  }
  // A name that only the company's proxy can look up is asked for if the window's list has the host.
  const unknown =
    route.network === "open" || company.proxyFor("https", target) === null ? null : target.host;
  const address = await findPublicAddress(target, publicLoopbackPort).catch(() => unknown);
  if (address === null) return turnAway(client, UNKNOWN_HOST);
  if (address === undefined) {
    connections.block(target);
    return turnAway(client, BLOCKED);
  }
  if (attempt.refusal !== null) return turnAway(client, OVER);
  const { host, port } = target;
  connections.open(target, tunnel(client, { host, port, address }, company));
}

/** Refuses a sandboxed agent's request for another server, which a client with `HTTP_PROXY` sends. */
export function refuseForeign(
  ways: Ways,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  if (!/^[a-z][a-z0-9+.-]*:/iu.test(request.url ?? "")) return false;
  const attempt = ownerOf(ways, request.socket);
  if (attempt === undefined) return false;
  attempt.connections.block(readUrl(request.url ?? "") ?? UNREADABLE);
  giveAnswer(response, { status: 403, body: { error: { message: BLOCKED_SENTENCE } } }, null);
  return true;
}

/** The attempt whose socket a connection came through. */
function ownerOf({ attempts, sockets }: Ways, connection: object): Attempt | undefined {
  const owner = sockets.ownerOf(connection);
  return owner === undefined ? undefined : attempts.get(owner);
}

export function readNamed(named: string): Target | null {
  const { host = "", port = "" } = NAMED.exec(named)?.groups ?? {};
  if (host === "" || Number(port) > PORT_MAX) return null;
  const bare = host.replaceAll(/^\[|\]$|\.$/gu, "");
  return { host: bare.toLowerCase(), port: Number(port) };
}

function readUrl(written: string): Target | null {
  const url = URL.parse(written);
  if (url === null) return null;
  const own = url.protocol === "https:" ? HTTPS_PORT : HTTP_PORT;
  return readNamed(`${url.hostname}:${url.port === "" ? String(own) : url.port}`);
}

/** The user part of `http://KEY@127.0.0.1:PORT`. */
function keyOf(authorization: string | undefined): string | undefined {
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]{1,512})$/i.exec(authorization ?? "") ?? [];
  if (encoded === undefined) return undefined;
  return Buffer.from(encoded, "base64").toString().split(":")[0];
}

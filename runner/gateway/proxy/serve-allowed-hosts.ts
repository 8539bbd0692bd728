import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { isIP } from "node:net";
import path from "node:path";
import type { Duplex } from "node:stream";

import { listenOnLoopback } from "../../platform/http/listen-on-loopback.ts";
import type { CompanyNetwork } from "../../platform/network/company-network.ts";
import { readNamed } from "./listen-for-connects.ts";
import type { Target } from "./network/connection-log.ts";
import { isAllowed } from "./network/network-policy.ts";
import { isLoopback } from "./network/public-address.ts";
import { tunnel, turnAway } from "./network/tunnel.ts";
import { makeSocketFolder } from "./socket-folder.ts";

/** The server listens at a Unix socket for a sandbox, and at a port of loopback without one. */
export type HostsPlace =
  | { readonly socket: string; readonly port?: never }
  | { readonly port: number; readonly socket?: never };

export interface AllowedHosts {
  readonly place: HostsPlace;
  /** The hosts that were asked for and are not allowed. */
  readonly blocked: ReadonlySet<string>;
  close(): void;
}

/** Serves CONNECT for some hosts by name, and for nothing else. */
export async function serveAllowedHosts(
  allow: readonly string[],
  { isSandboxed, network }: { readonly isSandboxed: boolean; readonly network: CompanyNetwork },
): Promise<AllowedHosts> {
  const blocked = new Set<string>();
  const open = new Set<Duplex>();
  const server = createServer((request, response) => {
    blocked.add(URL.parse(request.url ?? "")?.host ?? "(unreadable)");
    response.writeHead(403).end("Only HTTPS to the hosts in setup.network is allowed.\n");
  });
  server.on("connect", (request, stream: Duplex, head: Buffer) => {
    open.add(stream);
    stream.on("error", () => stream.destroy()).once("close", () => open.delete(stream));
    const client = { socket: stream, head };
    const target = readNamed(request.url ?? "");
    if (target === null || !isAllowed({ allow }, target.host)) {
      blocked.add(target?.host ?? "(unreadable)");
      turnAway(client, {
        status: "403 Forbidden",
        sentence: "The field setup.network of task.yaml does not name that host.",
      });
      return;
    }
    void findNamedAddress(target, network).then(
      (address) => void tunnel(client, { host: target.host, port: target.port, address }, network),
      () => turnAway(client, { status: "502 Bad Gateway", sentence: "The host has no address." }),
    );
  });
  const { place, remove } = await (isSandboxed ? listenAtSocket(server) : listenAtPort(server));
  return {
    place,
    blocked,
    close: () => {
      for (const stream of open) stream.destroy();
      server.close();
      remove();
    },
  };
}

interface Listening {
  readonly place: HostsPlace;
  readonly remove: () => void;
}

async function listenAtSocket(server: Server): Promise<Listening> {
  const { folder, remove } = makeSocketFolder();
  const socket = path.join(folder, "hosts");
  server.listen(socket);
  await once(server, "listening");
  return { place: { socket }, remove };
}

async function listenAtPort(server: Server): Promise<Listening> {
  const { port } = new URL(await listenOnLoopback(server));
  return { place: { port: Number(port) }, remove: () => {} };
}

const LINK_LOCAL = /^(?:169\.254\.|fe80:)/iu;

/**
 * The address of a host that a task names. It may be private, because companies keep their package
 * indexes so. A name that leads to this machine has to say so.
 */
async function findNamedAddress(target: Target, network: CompanyNetwork): Promise<string> {
  const { host } = target;
  const address = isIP(host) === 0 ? await lookUp(target, network) : host;
  const isOwn = isLoopback(address) || address === "::1";
  if (LINK_LOCAL.test(address) || (isOwn && host !== "localhost" && isIP(host) === 0)) {
    throw new Error("The address belongs to this machine.");
  }
  return address;
}

/** Some names are known only to the company's proxy. */
async function lookUp(target: Target, network: CompanyNetwork): Promise<string> {
  const { host } = target;
  try {
    return (await lookup(host)).address;
  } catch (error) {
    if (network.proxyFor("https", target) === null) throw error;
    return host;
  }
}

import type { Server } from "node:http";
import { Socket } from "node:net";
import { TLSSocket } from "node:tls";

import { type Client, establish } from "../network/tunnel.ts";
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

/** The keys of connections whose requests have no key in their path, and the host that they ask. */
export type InterceptedKeys = WeakMap<object, { readonly key: string; readonly host: string }>;

interface InterceptParts {
  readonly server: Server;
  readonly keys: InterceptedKeys;
}

/** Gives the connection to the proxy's own server. Only its key comes another way. */
export async function intercept(
  { server, keys }: InterceptParts,
  client: Client,
  {
    host,
    key,
    authority,
  }: { readonly host: string; readonly key: string; readonly authority: Authority },
): Promise<void> {
  const { socket } = client;
  const secureContext = await authority.contextFor(host);
  if (!(socket instanceof Socket)) return void socket.destroy();
  establish(client);
  const secure = new TLSSocket(socket, {
    isServer: true,
    secureContext,
    ALPNProtocols: ["http/1.1"],
  });
  secure.on("error", () => secure.destroy());
  keys.set(secure, { key, host });
  server.emit("connection", secure);
}

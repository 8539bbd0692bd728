import { request } from "node:http";
import type { Socket } from "node:net";

import { onTestFinished } from "vitest";

interface OpenedTunnel {
  readonly status: number;
  readonly socket: Socket;
}

/** Opens a connection through the proxy, as a client with `HTTPS_PROXY` does. */
export async function open(
  proxyUrl: string,
  target: string,
  { key, socketPath }: { readonly key?: string | undefined; readonly socketPath?: string } = {},
) {
  const { hostname, port, username } = new URL(proxyUrl);
  const credential = Buffer.from(`${key ?? username}:`).toString("base64");
  const outgoing = request({
    ...(socketPath === undefined ? { hostname, port } : { socketPath }),
    method: "CONNECT",
    path: target,
    headers: key === "" ? {} : { "proxy-authorization": `Basic ${credential}` },
    agent: false,
  });
  return await new Promise<OpenedTunnel>((resolve, reject) => {
    outgoing.once("connect", (answer, socket: Socket) => {
      onTestFinished(() => void socket.destroy());
      resolve({ status: answer.statusCode ?? 0, socket });
    });
    outgoing.once("error", reject);
    outgoing.end();
  });
}

import { createServer } from "node:net";

import { onTestFinished } from "vitest";

import { listenOnLoopback } from "../../../platform/http/listen-on-loopback.ts";

/** A server on the loopback that sends back what it gets. Returns its port. */
export async function startEcho(): Promise<number> {
  const echo = createServer((socket) => void socket.on("error", () => undefined).pipe(socket));
  onTestFinished(() => void echo.close());
  return Number(new URL(await listenOnLoopback(echo)).port);
}

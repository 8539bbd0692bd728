import { once } from "node:events";
import type { Server as HttpServer } from "node:http";
import type { Server } from "node:net";

import { UsageError, hasCode } from "../../../ledger/domain/errors.ts";

/** A requested port can't be opened, most often because another program has it. */
class PortRefusedError extends UsageError {}

/** A port that the user has chosen. */
interface ChosenPort {
  /** 0 is any free one. */
  readonly port: number;
  /** What to do if it can't be opened. */
  readonly mend: string;
}

/** Opens a port that only this machine reaches, a free one by default; resolves to its origin. */
export async function listenOnLoopback(
  server: Server,
  { port, mend }: ChosenPort = { port: 0, mend: "Try again." },
): Promise<string> {
  return await openPort(server, port).catch((cause: unknown) => {
    const fault = isTaken(cause) ? "is in use" : "can't be opened";
    throw new PortRefusedError(`Port ${String(port)} ${fault}. ${mend}`, { cause });
  });
}

/**
 * The same for a caller that says itself what to do if the port can't be opened.
 * @throws the system's error.
 */
export async function openPort(server: Server, port: number): Promise<string> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The port is not known.");
  return `http://127.0.0.1:${address.port}`;
}

function isTaken(cause: unknown): boolean {
  return hasCode(cause, "EADDRINUSE");
}

/** Ends every connection, also those with an answer under way. */
export async function closeServer(server: HttpServer): Promise<void> {
  const closed = new Promise((resolve) => {
    server.close(resolve);
  });
  server.closeAllConnections();
  await closed;
}

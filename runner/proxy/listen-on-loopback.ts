import { once } from "node:events";
import type { Server } from "node:net";

import { CounterbalanceError } from "../../ledger/domain/errors.ts";

/** The port that was asked for belongs to somebody else. */
class PortTakenError extends CounterbalanceError {
  readonly exitCode = 2;

  constructor(port: number) {
    super(`Port ${String(port)} can't be opened. Name another one, or none for any that is free.`);
  }
}

/** Opens a port that only this machine reaches, a free one by default; resolves to its origin. */
export async function listenOnLoopback(server: Server, port = 0): Promise<string> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening").catch(() => {
    throw new PortTakenError(port);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The port is not known.");
  return `http://127.0.0.1:${address.port}`;
}

import { once } from "node:events";
import type { Server as HttpServer } from "node:http";
import type { Server } from "node:net";

import { CounterbalanceError } from "../../ledger/domain/errors.ts";
import { EXIT } from "../../ledger/domain/exit-codes.ts";

/** Another program has the requested port. */
class PortTakenError extends CounterbalanceError {
  readonly exitCode = EXIT.usage;

  constructor(port: number) {
    super(`Port ${String(port)} can't be opened. Name another port, or none to get a free one.`);
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

/** Ends every connection, also those with an answer under way. */
export async function closeServer(server: HttpServer): Promise<void> {
  const closed = new Promise((resolve) => {
    server.close(resolve);
  });
  server.closeAllConnections();
  await closed;
}

import { once } from "node:events";
import type { Server } from "node:http";

/** Opens a free port that only this machine reaches; resolves to its origin. */
export async function listenOnLoopback(server: Server): Promise<string> {
  // Headers are bounded in bytes; a bound in number would drop the later ones without a word.
  server.maxHeadersCount = 0;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The port is not known.");
  return `http://127.0.0.1:${address.port}`;
}

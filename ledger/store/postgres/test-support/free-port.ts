import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

import { hasCode } from "../../../domain/errors.ts";

/** Above the ports of known services, and below those that Linux gives to whoever asks for any port. */
const [FIRST, END] = [20_000, 32_000];

/**
 * A loopback port that nobody listens on. Only who asks for it by its number gets it, so that it stays free. A
 * port that the system chose may be another's a moment after it was given back.
 */
export async function freePort(): Promise<number> {
  const port = randomInt(FIRST, END);
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    if (hasCode(error, "EADDRINUSE")) return await freePort();
    throw error;
  }
  server.close();
  await once(server, "close");
  return port;
}

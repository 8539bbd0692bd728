import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/** Above the ports of known services, and below those that Linux gives to whoever asks for any port. */
const [FIRST, END] = [20_000, 32_000];

/**
 * A loopback port that stays free until it is used: only who asks for it by number gets it. A port that a
 * server had and gave back may be another's a moment later.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, END);
    const server = createServer();
    server.listen(port, "127.0.0.1");
    try {
      await once(server, "listening");
    } catch {
      continue;
    }
    server.close();
    await once(server, "close");
    return port;
  }
}

import { Pool } from "undici";

import { freeingConnector } from "./free-when-written.ts";

/** Connections to one upstream; further requests wait for a free one. */
const CONNECTIONS_MAX = 256;
const CONNECT_TIMEOUT_MS = 30_000;
const HEADER_BYTES_MAX = 64 * 1024;

/** Keeps the connections to every upstream, by origin. */
export class UpstreamPools {
  readonly #pools = new Map<string, Pool>();

  poolFor(origin: string): Pool {
    const known = this.#pools.get(origin);
    if (known !== undefined) return known;
    const pool = new Pool(origin, {
      connections: CONNECTIONS_MAX,
      connect: freeingConnector({ timeout: CONNECT_TIMEOUT_MS, allowH2: false }),
      maxHeaderSize: HEADER_BYTES_MAX,
      // A model may think for as long as it likes: the window's own limits end it, nothing here does.
      headersTimeout: 0,
      bodyTimeout: 0,
      allowH2: false,
    });
    this.#pools.set(origin, pool);
    return pool;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map(async (pool) => await pool.destroy()));
  }
}

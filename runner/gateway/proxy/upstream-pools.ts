import type { Socket } from "node:net";

import { buildConnector, Pool } from "undici";

import { freeBuffer } from "../../platform/http/hold-body.ts";

/** Connections to one upstream; more requests wait for a free one. */
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
      // A model may think without a time limit here. The window's own limits end a request.
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

/** Bodies that nothing needs once the operating system has taken them. */
const passing = new WeakSet<Uint8Array>();

/**
 * Frees a body's memory as soon as it is written to a socket of `freeingConnector`. Without this,
 * the bodies of a busy second wait for the collector and are most of the proxy's memory.
 */
export function freeWhenWritten(body: Buffer): void {
  passing.add(body);
}

/** Makes sockets that free such bodies after writing them. */
function freeingConnector(options: buildConnector.BuildOptions): buildConnector.connector {
  const connect = buildConnector(options);
  return (to, callback) =>
    connect(to, (...result) => {
      const [error, socket] = result;
      if (error === null) freeAfterWriting(socket);
      callback(...result);
    });
}

function freeAfterWriting(socket: Socket): void {
  const write = socket.write.bind(socket);
  socket.write = (chunk: Uint8Array | string, ...rest: unknown[]) => {
    if (typeof chunk === "string" || !passing.has(chunk))
      return Reflect.apply(write, null, [chunk, ...rest]);
    return write(chunk, () => freeBuffer(chunk));
  };
}

import type { Socket } from "node:net";

import type { Dispatcher } from "undici";

import { freeBuffer } from "../../platform/http/hold-body.ts";
import type { CompanyNetwork } from "../../platform/network/company-network.ts";
import { openPool } from "../../platform/network/open-pool.ts";

/** Connections to one upstream; more requests wait for a free one. */
const CONNECTIONS_MAX = 256;
const HEADER_BYTES_MAX = 64 * 1024;

/** Keeps the connections to every upstream, by origin. */
export class UpstreamPools {
  readonly #network: CompanyNetwork;
  readonly #pools = new Map<string, Dispatcher>();

  constructor(network: CompanyNetwork) {
    this.#network = network;
  }

  poolFor(origin: string): Dispatcher {
    const known = this.#pools.get(origin);
    if (known !== undefined) return known;
    const pool = openPool(origin, this.#network, {
      connections: CONNECTIONS_MAX,
      maxHeaderSize: HEADER_BYTES_MAX,
      // A model may think without a time limit here. The window's own limits end a request.
      headersTimeout: 0,
      bodyTimeout: 0,
      onSocket: freeAfterWriting,
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
 * Frees a body's memory as soon as it is written to an upstream's socket. Without this,
 * the bodies of a busy second wait for the collector and are most of the proxy's memory.
 */
export function freeWhenWritten(body: Buffer): void {
  passing.add(body);
}

function freeAfterWriting(socket: Socket): void {
  const write = socket.write.bind(socket);
  socket.write = (chunk: Uint8Array | string, ...rest: unknown[]) => {
    if (typeof chunk === "string" || !passing.has(chunk))
      return Reflect.apply(write, null, [chunk, ...rest]);
    return write(chunk, () => freeBuffer(chunk));
  };
}

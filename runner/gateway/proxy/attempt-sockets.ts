import { once } from "node:events";
import { chmodSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import path from "node:path";

import { makeSocketFolder, type SocketFolder } from "./socket-folder.ts";

const OWNER_ONLY = 0o600;
/** An agent must not use up the files that this process may open, because its neighbours need them, too. */
export const CONNECTIONS_MAX = 256;

/**
 * The Unix sockets of sandboxed agents, one for each attempt. A connection belongs to the attempt of
 * its socket, whatever it says.
 */
export class AttemptSockets {
  readonly #takeIn: (connection: Socket) => void;
  readonly #owners = new WeakMap<object, string>();
  readonly #servers = new Map<string, Server>();
  #folder: SocketFolder | null = null;
  #opened = 0;

  /** @param takeIn gives a connection to the proxy's server. */
  constructor(takeIn: (connection: Socket) => void) {
    this.#takeIn = takeIn;
  }

  /** Opens the socket of an attempt, in a folder that only its owner may enter; resolves to its path. */
  async open(key: string): Promise<string> {
    this.#opened += 1;
    const file = path.join(this.#ownFolder().folder, String(this.#opened));
    // A client may end its side before the answer, as on the proxy's port.
    const server = createServer({ allowHalfOpen: true }, (connection) => {
      this.#owners.set(connection, key);
      this.#takeIn(connection);
    });
    server.maxConnections = CONNECTIONS_MAX;
    this.#servers.set(key, server);
    server.listen(file);
    await once(server, "listening");
    chmodSync(file, OWNER_ONLY);
    return file;
  }

  /** The key of the attempt that a connection belongs to; undefined for one to the proxy's port. */
  ownerOf(connection: object): string | undefined {
    return this.#owners.get(connection);
  }

  /** Removes an attempt's socket. Connections that are open stay so. */
  close(key: string): void {
    this.#servers.get(key)?.close();
    this.#servers.delete(key);
  }

  closeAll(): void {
    for (const key of this.#servers.keys()) this.close(key);
    this.#folder?.remove();
    this.#folder = null;
  }

  #ownFolder(): SocketFolder {
    this.#folder ??= makeSocketFolder();
    return this.#folder;
  }
}

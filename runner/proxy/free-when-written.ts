import type { Socket } from "node:net";

import { buildConnector } from "undici";

/** Bodies that nobody needs once the system has taken them. */
const passing = new WeakSet<Uint8Array>();

/**
 * Frees a body's memory as soon as it is written to a socket of `freeingConnector`. Left to the
 * collector, the bodies of a busy second lie about for a while and are most of what the proxy holds.
 */
export function freeWhenWritten(body: Buffer): void {
  passing.add(body);
}

/** Makes sockets that free such bodies behind them. */
export function freeingConnector(options: buildConnector.BuildOptions): buildConnector.connector {
  const connect = buildConnector(options);
  return (to, callback) =>
    connect(to, (...result) => {
      const [error, socket] = result;
      if (error === null) freeBehind(socket);
      callback(...result);
    });
}

function freeBehind(socket: Socket): void {
  const write = socket.write.bind(socket);
  socket.write = (chunk: Uint8Array | string, ...rest: unknown[]) => {
    if (typeof chunk === "string" || !passing.has(chunk))
      return Reflect.apply(write, null, [chunk, ...rest]);
    return write(chunk, () => free(chunk));
  };
}

/** Memory that is shared with other buffers stays. */
function free({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}

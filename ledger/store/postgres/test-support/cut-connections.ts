import { connect, createServer, type Socket } from "node:net";

/** Passes everything on between the clients and a server on loopback, until a test cuts it. */
export interface Cutter {
  readonly port: number;
  /** The connection whose client next sends a word is cut when the server has answered, before the answer passes. */
  cutAnswerTo(word: string): void;
  close(): void;
}

export async function startCutter(serverPort: number): Promise<Cutter> {
  let armed: string | undefined;
  const sockets = new Set<Socket>();
  const listener = createServer((client) => {
    const server = connect(serverPort, "127.0.0.1");
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    }
    let isCut = false;
    client.on("data", (bytes: Buffer) => {
      if (armed !== undefined && bytes.includes(armed)) {
        armed = undefined;
        isCut = true;
      }
      server.write(bytes);
    });
    server.on("data", (bytes: Buffer) => {
      if (isCut) client.destroy();
      else client.write(bytes);
    });
    client.on("close", () => server.destroy());
    server.on("close", () => client.destroy());
  });
  await new Promise<void>((resolve) => {
    listener.listen(0, "127.0.0.1", resolve);
  });
  const address = listener.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    cutAnswerTo: (word) => {
      armed = word;
    },
    close: () => {
      listener.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

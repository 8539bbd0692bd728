import type { IncomingMessage } from "node:http";

export type HeldBody =
  | { readonly kind: "held"; readonly bytes: Buffer }
  | { readonly kind: "too-large" }
  | { readonly kind: "no-room" }
  | { readonly kind: "broken" };

/**
 * Reads a request's body whole, up to `bytesMax`, as long as `takeRoom` has room for its pieces; a
 * body that is larger is not kept.
 */
export async function holdBody(
  request: IncomingMessage,
  {
    bytesMax,
    takeRoom,
  }: { readonly bytesMax: number; readonly takeRoom: (bytes: number) => boolean },
): Promise<HeldBody> {
  if (Number(request.headers["content-length"]) > bytesMax) return { kind: "too-large" };
  return await new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let isDropped = false;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      const kind = bytes > bytesMax ? "too-large" : "no-room";
      if (!isDropped && kind === "no-room" && takeRoom(chunk.length)) {
        chunks.push(chunk);
        return;
      }
      isDropped = true;
      chunks.length = 0;
      resolve({ kind });
    });
    request.once("end", () => {
      resolve({ kind: "held", bytes: joinChunks(chunks) });
    });
    request.once("error", () => resolve({ kind: "broken" }));
    request.once("close", () => resolve({ kind: "broken" }));
  });
}

/** The pieces as one; their own memory is free at once, not when the collector comes by. */
function joinChunks(chunks: readonly Buffer[]): Buffer {
  const [only] = chunks;
  if (only !== undefined && chunks.length === 1) return only;
  const whole = Buffer.concat(chunks);
  for (const { buffer, byteLength } of chunks) {
    const isAlone = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
    if (isAlone) buffer.transfer(0);
  }
  return whole;
}

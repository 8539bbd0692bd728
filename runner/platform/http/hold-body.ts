import type { IncomingMessage } from "node:http";

/** The room for the bodies that all requests together hold until they are settled. */
export class HeldBytes {
  readonly #max: number;
  #held = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** Takes room; false if not enough is left. */
  take(bytes: number): boolean {
    if (this.#held + bytes > this.#max) return false;
    this.#held += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#held -= bytes;
  }
}

type HeldBody =
  | { readonly kind: "held"; readonly bytes: Buffer }
  | { readonly kind: "too-large" | "no-room" | "broken" };

/** Reads a whole body, up to `bytesMax`. Each piece needs room; a body that is too large is dropped. */
export async function holdBody(
  request: IncomingMessage,
  bytesMax: number,
  takeRoom: (bytes: number) => boolean,
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
    request.once("end", () => resolve({ kind: "held", bytes: joinChunks(chunks) }));
    request.once("error", () => resolve({ kind: "broken" }));
    request.once("close", () => resolve({ kind: "broken" }));
  });
}

/** Joins the pieces, and frees their own memory at once instead of at the next collection. */
function joinChunks(chunks: readonly Buffer[]): Buffer {
  const [only] = chunks;
  if (only !== undefined && chunks.length === 1) return only;
  const whole = Buffer.concat(chunks);
  for (const chunk of chunks) freeBuffer(chunk);
  return whole;
}

/** Frees the memory of a buffer, unless it shares that memory with others. */
export function freeBuffer({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}

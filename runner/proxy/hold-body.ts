import type { IncomingMessage } from "node:http";

export type HeldBody =
  | { readonly kind: "held"; readonly bytes: Buffer }
  | { readonly kind: "too-large" }
  | { readonly kind: "broken" };

/** Reads a request's body whole, up to `bytesMax`; a body that is larger is not kept. */
export async function holdBody(request: IncomingMessage, bytesMax: number): Promise<HeldBody> {
  if (Number(request.headers["content-length"]) > bytesMax) return { kind: "too-large" };
  return await new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= bytesMax) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      resolve({ kind: "too-large" });
    });
    request.once("end", () => {
      const [only] = chunks;
      const held = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
      resolve({ kind: "held", bytes: held });
    });
    request.once("error", () => resolve({ kind: "broken" }));
    request.once("close", () => resolve({ kind: "broken" }));
  });
}

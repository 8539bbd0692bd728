import { parentPort, workerData } from "node:worker_threads";

import type { EncodeLine } from "./line-code.ts";
import { SpanReader, type SpanRequest } from "./read-span.ts";
import { BlockRing, type SharedBlocks } from "./shared-blocks.ts";

/** The thread that reads lines ahead. Where it can't, it says so and ends; the other one then reads by itself. */
const { blocks, encoder }: { readonly blocks: SharedBlocks; readonly encoder: string } = workerData;
const ring = new BlockRing(blocks);
try {
  const { encodeLine }: { readonly encodeLine: EncodeLine } = await import(encoder);
  const reader = new SpanReader(ring, encodeLine);
  parentPort?.on("message", (request: SpanRequest) => {
    try {
      reader.read(request);
    } catch {
      ring.stop();
    }
  });
} catch {
  ring.stop();
}

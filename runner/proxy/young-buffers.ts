import v8 from "node:v8";
import vm from "node:vm";

/** Bytes of buffers that may lie about before they are collected. */
const BYTES_MAX = 2 * 1024 * 1024;

type Collect = (options: { readonly type: "minor" }) => void;

/**
 * Frees the buffers of what has passed. A collection of young objects frees young buffers too, but
 * is due by the objects alone: a stream of large pieces makes few, and would hold a hundred
 * megabytes of pieces that nobody needs.
 */
export class YoungBuffers {
  #bytes = 0;
  #collect: Collect | null = null;

  /** Told of the bytes of every buffer that has come and is about to go. */
  passed(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < BYTES_MAX) return;
    this.#bytes = 0;
    this.#collect ??= collector();
    this.#collect({ type: "minor" });
  }
}

function collector(): Collect {
  v8.setFlagsFromString("--expose-gc");
  const collect: unknown = vm.runInNewContext("gc");
  return isCollect(collect) ? collect : () => undefined;
}

function isCollect(value: unknown): value is Collect {
  return typeof value === "function";
}

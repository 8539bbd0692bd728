import v8 from "node:v8";
import vm from "node:vm";

/** Bytes of unused buffers that may wait for the next collection. */
const BYTES_MAX = 2 * 1024 * 1024;

type Collect = (options: { readonly type: "minor" }) => void;

/**
 * Frees the buffers of passed chunks by a minor collection. V8 starts one by the number of young
 * objects alone. A stream of large chunks makes few objects, and would hold a hundred megabytes.
 */
export class YoungBuffers {
  #bytes = 0;
  #collect: Collect | null = null;

  /** Counts the bytes of a buffer that is no longer needed. */
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

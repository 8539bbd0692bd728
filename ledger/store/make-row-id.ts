import { randomFillSync } from "node:crypto";

import { v7 } from "uuid";

import type { Clock } from "../domain/clock.ts";

const ID_BYTES = 16;
const POOL_IDS = 256;
/** A sequence that starts in the lower half of its 32 bits has room for two thousand million ids a millisecond. */
const LOWER_HALF = 0x7f_ff_ff_ff;

/**
 * Makes UUIDv7s by the ledger's clock, each greater than the one before it, even within a
 * millisecond or after the clock jumped back (RFC 9562, section 6.2, method 1). Rows sorted by id
 * are in the order of their making. Asking the kernel for random bytes once in 256 ids makes them
 * ten times cheaper.
 */
export function rowIdMaker(clock: Clock): () => string {
  const pool = new Uint8Array(ID_BYTES * POOL_IDS);
  const numbers = new DataView(pool.buffer);
  let used = pool.length;
  let msecs = -Infinity;
  let seq = 0;
  return () => {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const start = used;
    used += ID_BYTES;
    const nowMs = clock.nowMs();
    seq = nowMs > msecs ? numbers.getUint32(start) & LOWER_HALF : seq + 1;
    msecs = Math.max(msecs, nowMs);
    return v7({ random: pool.subarray(start, used), msecs, seq });
  };
}

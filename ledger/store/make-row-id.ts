import { randomBytes, randomInt } from "node:crypto";

import { v7 } from "uuid";

import type { Clock } from "../domain/clock.ts";

/** A sequence that starts in the lower half of its 32 bits has room for two thousand million ids a millisecond. */
const LOWER_HALF = 0x7f_ff_ff_ff;
const UUID_BYTES = 16;
/** The system takes as long for the random bytes of many ids as for those of one. */
const IDS_AT_ONCE = 256;

/**
 * Makes UUIDv7s by the ledger's clock, each greater than the one before it, even within a
 * millisecond or after the clock jumped back (RFC 9562, section 6.2, method 1). Rows sorted by id
 * are in the order of their making.
 */
export function rowIdMaker(clock: Clock): () => string {
  let msecs = -Infinity;
  let seq = 0;
  let unused = Buffer.alloc(0);
  return () => {
    const nowMs = clock.nowMs();
    seq = nowMs > msecs ? randomInt(LOWER_HALF) : seq + 1;
    msecs = Math.max(msecs, nowMs);
    if (unused.length === 0) unused = randomBytes(IDS_AT_ONCE * UUID_BYTES);
    const random = unused.subarray(0, UUID_BYTES);
    unused = unused.subarray(UUID_BYTES);
    // The library's own source of random bytes is WebCrypto, which Node needs 40 ms to load.
    return v7({ msecs, seq, random });
  };
}

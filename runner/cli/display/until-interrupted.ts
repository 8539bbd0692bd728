import { once } from "node:events";

import type { Environment } from "../../platform/environment/environment.ts";

/** Waits for Ctrl-C. */
export async function untilInterrupted({ onInterrupt }: Environment): Promise<void> {
  const end = new AbortController();
  const stopListening = onInterrupt(() => end.abort());
  await once(end.signal, "abort");
  stopListening();
}

import { describeLedgerStore } from "./test-support/conformance.ts";
import { manualClock } from "./test-support/manual-clock.ts";
import { createMemoryStore } from "./test-support/memory-store.ts";

describeLedgerStore("memory", ({ validate }) =>
  Promise.resolve(
    createMemoryStore({
      clock: manualClock(),
      agentId: "agent",
      toolVersion: "0.0.0",
      ...(validate === undefined ? {} : { validate }),
    }),
  ),
);

import { describeLedgerStore } from "./conformance.ts";
import { createMemoryStore } from "./memory-store.ts";
import { manualClock } from "./test-support/manual-clock.ts";

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

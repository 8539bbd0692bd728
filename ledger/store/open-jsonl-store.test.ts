import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll } from "vitest";

import type { StoreLimits } from "./ledger-context.ts";
import { openJsonlStore } from "./open-jsonl-store.ts";
import { describeLedgerStore, type OpenStore } from "./test-support/conformance.ts";
import { manualClock } from "./test-support/manual-clock.ts";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

describeLedgerStore("jsonl", openIn());

describeLedgerStore("jsonl in segments of a few rows", openIn({ segmentBytesMax: 1_000 }));

function openIn(limits: Partial<StoreLimits> = {}): OpenStore {
  return ({ validate }) => {
    const folder = mkdtempSync(join(tmpdir(), "ledger-"));
    folders.push(folder);
    return openJsonlStore({
      folder,
      clock: manualClock(),
      agentId: "agent",
      toolVersion: "0.0.0",
      limits,
      ...(validate === undefined ? {} : { validate }),
    });
  };
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { onTestFinished } from "vitest";

import { type Respond, startFakeUpstream } from "./fake-upstream.ts";
import { startProxyWithLedger } from "./proxy-with-ledger.ts";

/** A proxy with a ledger and an overall budget of so many tokens; all is removed when the test ends. */
export async function cappedProxyBefore(respond: Respond, limit: number) {
  const folder = mkdtempSync(path.join(tmpdir(), "counterbalance-capped-"));
  const upstream = await startFakeUpstream(respond);
  const cap = { scope: "overall", name: "overall", unit: "tokens", limit } as const;
  const limits = { mode: "block", basis: "uncached", limits: [cap], periodMs: null } as const;
  const under = await startProxyWithLedger({ folder, origin: upstream.origin, limits });
  onTestFinished(async () => {
    await under.stop();
    await upstream.stop();
    rmSync(folder, { recursive: true });
  });
  return { under, upstream };
}

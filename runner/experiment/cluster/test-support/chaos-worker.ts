import path from "node:path";
import { argv } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";

import { readStoreAddress } from "../../../../ledger/store/postgres/store-address.ts";
import { locateDataFolder } from "../../../platform/environment/data-folder.ts";
import { processEnvironment } from "../../../platform/environment/environment.ts";
import type { AgentSession } from "../../session/open-agent-worker.ts";
import { type AttemptOrder, type AttemptResult, windowKey } from "../../windows/window-worker.ts";
import { runWorker } from "../run-worker.ts";
import { createCounts } from "../worker-counts.ts";

/** A worker as the product has it, whose agent is a wait that spends some tokens. */
const [, , url = "", folder = "", name = "", workMs = "0"] = argv;
const environment = { ...processEnvironment(), cwd: folder };
const drain = new AbortController();
process.on("SIGTERM", () => drain.abort());

const STEPS = 4;
const TOKENS_A_STEP = 200;

await runWorker(
  {
    address: readStoreAddress(url, "test"),
    folder: locateDataFolder(path.join(folder, name), environment),
    workspaceRoot: folder,
    name,
    machineClass: "chaos",
    slots: 1,
    config: undefined,
    environment,
    counts: createCounts(),
    say: (sentence) => void environment.stderr.write(`${sentence}\n`),
    openWorker: async (session) => ({
      worker: {
        methodology: "chaos",
        workspaceRoot: null,
        work: async (order, signal) => await spendSome(session, order, signal),
      },
      close: async () => {},
    }),
  },
  { drain: drain.signal, atOnce: new AbortController().signal },
);

async function spendSome(
  { journal }: AgentSession,
  order: AttemptOrder,
  signal: AbortSignal,
): Promise<AttemptResult> {
  let total = 0;
  for (let step = 0; step < STEPS && !signal.aborted; step += 1) {
    total += TOKENS_A_STEP;
    const reservation = `${order.planned.window}-${String(order.attempt)}-${String(step)}`;
    const key = { ...windowKey(order), basis: "uncached", reservation };
    const request = { command: "implement", delta: TOKENS_A_STEP, total: TOKENS_A_STEP };
    await journal.write("budgets", [
      { record: "budget_debited", ...key, ...request, overshoot: 0, is_final: true },
    ]);
    await sleep(Number(workMs) / STEPS, undefined, { signal }).catch(() => undefined);
  }
  const isEnded = signal.aborted;
  return {
    outcome: isEnded ? "interrupted" : "pass",
    reason: isEnded ? "The worker was told to end." : null,
    usage: { requests: 1, input_uncached: total },
    requests: { total: 1, errors: 0, refused: 0 },
    commitStart: null,
    commitEnd: null,
    churn: null,
    quality: isEnded ? null : 1,
    scenarios: [],
    isolation: null,
    agentIsolation: null,
    timings: null,
    exitCode: 0,
    reportedUsage: null,
    anomalies: [],
    versions: {},
  };
}

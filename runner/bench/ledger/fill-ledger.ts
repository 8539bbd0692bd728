import { openJsonlStore } from "../../../ledger/store/open-jsonl-store.ts";
import { systemClock } from "../../environment.ts";

// fill-ledger.ts FOLDER ROWS ROWS-A-BATCH: requests of one experiment, as the proxy records them.
const [folder = "", rows = "", batch = ""] = process.argv.slice(2);
const store = await openJsonlStore({
  folder,
  clock: systemClock,
  agentId: "bench",
  toolVersion: "0.0.0",
});
const total = Number(rows);
const each = Number(batch);
for (let written = 0; written < total; written += each) {
  const requests = Array.from({ length: each }, (_, index) => ({
    record: "budget_debited",
    experiment_id: "0123456789ab",
    window: `W0-${String((written + index) % 90).padStart(2, "0")}`,
    attempt: 1,
    provider: index % 2 === 0 ? "claude" : "codex",
    feature_id: "lru-cache",
    replicate: 1,
    period: 1,
    basis: "uncached",
    reservation: String(written + index),
    command: "/implement",
    delta: 100,
    total: 100,
    overshoot: 0,
    is_final: true,
    usage: { input_uncached: 60, output: 40, requests: 1 },
  }));
  // oxlint-disable-next-line no-await-in-loop -- bounded memory
  await store.append("budgets", requests);
}
await store.close();

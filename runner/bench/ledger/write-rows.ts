import { openJsonlStore } from "../../../ledger/store/open-jsonl-store.ts";
import { systemClock } from "../../environment.ts";

// write-rows.ts FOLDER MILLISECONDS CALLERS: prints how many rows it got acknowledged.
const [folder = "", ms = "", callers = ""] = process.argv.slice(2);
const store = await openJsonlStore({
  folder,
  clock: systemClock,
  agentId: "bench",
  toolVersion: "0.0.0",
});
const endMs = systemClock.monotonicMs() + Number(ms);
let rows = 0;
await Promise.all(
  Array.from({ length: Number(callers) }, async () => {
    while (systemClock.monotonicMs() < endMs) {
      // oxlint-disable-next-line no-await-in-loop -- a caller waits for its row
      await store.append("budgets", [{ record: "request_proxied", text: "x".repeat(160) }]);
      rows += 1;
    }
  }),
);
await store.close();
process.stdout.write(String(rows));

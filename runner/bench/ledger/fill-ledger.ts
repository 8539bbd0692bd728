import { validateRow } from "../../../ledger/domain/validate-row.ts";
import { openJsonlStore } from "../../../ledger/store/open-jsonl-store.ts";
import { systemClock } from "../../platform/environment/environment.ts";
import { ROWS_A_WINDOW, windowRows } from "./window-rows.ts";

// fill-ledger.ts FOLDER ROWS: the windows of one experiment, as a session records them.
const [folder = "", wanted = ""] = process.argv.slice(2);
const WINDOWS_A_BATCH = 50;
const store = await openJsonlStore({
  folder,
  clock: systemClock,
  agentId: "bench",
  toolVersion: "0.1.0",
  validate: validateRow,
});
const windows = Math.ceil(Number(wanted) / ROWS_A_WINDOW);
for (let first = 1; first <= windows; first += WINDOWS_A_BATCH) {
  const count = Math.min(WINDOWS_A_BATCH, windows - first + 1);
  const rows = Array.from({ length: count }, (_, index) => windowRows(first + index)).flat();
  await Promise.all(
    [...Map.groupBy(rows, ({ file }) => file)].map(([file, filed]) =>
      store.append(
        file,
        filed.map(({ row }) => row),
      ),
    ),
  );
}
await store.close();

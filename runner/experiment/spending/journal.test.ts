import { expect, it } from "vitest";

import { openJsonlStore } from "../../../ledger/store/open-jsonl-store.ts";
import { systemClock } from "../../platform/environment/environment.ts";
import { temporaryFolder } from "../../platform/test-support/temporary-folder.ts";
import { openJournal } from "./journal.ts";

it("settles rows that nothing else would have synced, in the order in which they were posted", async () => {
  const store = await openJsonlStore({
    folder: temporaryFolder(),
    clock: systemClock,
    agentId: "agent",
    toolVersion: "0.0.0",
  });
  const folded: unknown[] = [];
  const journal = openJournal(store, (row) => folded.push(row["n"]));
  journal.post("budgets", [{ record: "budget_reserved", n: 1 }]);
  journal.post("budgets", [{ record: "budget_reserved", n: 2 }]);
  await journal.settled();
  expect(folded).toEqual([1, 2]);
  await journal.checkpoint();
  const [checkpoint] = store.read("checkpoints");
  expect(checkpoint).toMatchObject({ heads: [{ file: "budgets", seq: 2 }] });
  await store.close();
});

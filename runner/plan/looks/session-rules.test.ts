import { describe, expect, it } from "vitest";

import type { NewRow, Row } from "../../../ledger/domain/row.ts";
import { ExperimentFold } from "../../../ledger/views/experiment-fold.ts";
import { EXPERIMENT } from "../../../ledger/views/test-support/sample-rows.ts";
import { stampRow } from "../../../ledger/views/test-support/stamp-row.ts";
import { FOUR_PAIRS, rowsOf } from "../../../reports/evidence/test-support/sample-experiment.ts";
import { DEFAULT_GATES } from "../../../reports/looks/gate-file.ts";
import { LookMemory } from "../../../reports/looks/look-memory.ts";
import { costMemory } from "../../../reports/statistics/anytime/cost-e-process.ts";
import { createSessionRules } from "./session-rules.ts";

/** A session that has taken a look at four pairs. */
async function sessionAfterLook() {
  const view = new ExperimentFold(EXPERIMENT);
  const written: Row[] = [];
  const said: string[] = [];
  const write = (rows: readonly NewRow[]): void => {
    for (const row of rows) {
      const seq = written.length + 1;
      const stamped = stampRow(row, { seq, id: `row-${seq}` });
      written.push(stamped);
      view.fold(stamped);
    }
  };
  write(rowsOf(FOUR_PAIRS).map(([, row]) => row));
  const memory = new LookMemory();
  const rules = createSessionRules(
    {
      view,
      store: { read: () => [] },
      journal: { write: async (_file, rows) => write(rows) },
      observer: { noted: (sentence) => said.push(sentence) },
      gates: DEFAULT_GATES,
      conditions: [],
    },
    memory,
  );
  await rules.afterWindow();
  expect(view.looks.size).toBe(1);
  return { rules, memory, said, view };
}

describe("the check at the end of a session", () => {
  it("writes nothing if the looks are those of the full analysis", async () => {
    const { rules, said, view } = await sessionAfterLook();
    await rules.checkLooks();
    expect(view.anomalies.size).toBe(0);
    expect(said).toEqual([]);
  });

  it("records an anomaly of the looks, and says so, if they are not", async () => {
    const { rules, memory, said, view } = await sessionAfterLook();
    memory.of("cand").costAgainst1 = costMemory({ null: 3 });
    await rules.checkLooks();
    const [look] = view.looks.keys();
    expect([...view.anomalies.values()]).toMatchObject([{ name: "look-differs", touches: [look] }]);
    expect(said).toMatchObject([expect.stringContaining("The looks at cand differ")]);
  });
});

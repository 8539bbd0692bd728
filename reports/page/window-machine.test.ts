import { expect, test } from "vitest";

import { openExperimentView } from "../../ledger/views/open-view.ts";
import { appendAll, createSampleLedger } from "../../ledger/views/test-support/sample-ledger.ts";
import { EXPERIMENT } from "../../ledger/views/test-support/sample-rows.ts";
import { machineSections } from "../document/machine-section.ts";
import { gatherEvidence } from "../evidence/evidence.ts";
import { rowsOf } from "../evidence/test-support/sample-experiment.ts";
import { buildReport } from "../report/build-report.ts";
import { collectDetails } from "./collect-details.ts";
import { renderSection } from "./render-blocks.ts";

test("the machines are in a section, and on the page of each window that a worker took", async () => {
  const store = createSampleLedger();
  const machine = { worker: "one", class: "small" };
  const costs = { base: 8000, cand: 4000 };
  await appendAll(
    store,
    rowsOf([{ feature: "cache", order: "AB", costs, changes: { base: { machine } } }]),
  );
  const view = openExperimentView(store, EXPERIMENT);
  const { windows } = collectDetails(gatherEvidence(view), store.read("windows"), null);
  expect(windows.map((one) => one?.machine)).toEqual(["one (small)", null]);
  const texts = machineSections(buildReport(view)).map(
    (section) =>
      renderSection(section, {
        draw: () => "",
        methodLink: (anchor) => anchor,
        replaced: new Map(),
      }).text,
  );
  expect(texts).toHaveLength(1);
  expect(texts[0]).toContain("base on small, cand on an unknown class");
  expect(texts[0]).toContain("Worker name");
});

import { describe, expect, it } from "vitest";

import { listExperiments } from "./list-experiments.ts";
import { appendAll, createSampleLedger } from "./test-support/sample-ledger.ts";
import { registered, undone } from "./test-support/sample-rows.ts";

describe("listing experiments", () => {
  it("gives them in the order of registration, without those that were undone", async () => {
    const store = createSampleLedger();
    const [, undoneRow] = await appendAll(store, [
      ["experiments", registered({ name: "one" })],
      ["experiments", registered({ name: "two", experiment_id: "aaaaaaaaaaaa" })],
      ["experiments", registered({ name: "three", experiment_id: "000000000000" })],
    ]);
    await appendAll(store, [["experiments", undone(undoneRow?.id ?? "")]]);
    const listed = listExperiments(store.read("experiments"));
    expect(listed.map(({ registered: { name } }) => name)).toStrictEqual(["one", "three"]);
    expect(listed.at(-1)?.experimentId).toBe("000000000000");
  });
});

import { expect, it } from "vitest";

import { canonicalSha256 } from "../../../ledger/domain/canonical-sha256.ts";
import { replan } from "./make-plan.ts";

const REGISTRATION = {
  experiment_id: "0123456789ab",
  name: "small",
  seed: "1",
  baseline: "large",
  scripted: false,
  tasks: [{ id: "a" }, { id: "b" }],
  assignments: ["a", "b"].map((feature_id, index) => ({
    feature_id,
    replicate: 1,
    stratum: "small",
    block: 1,
    sequence: index === 0 ? "AB" : "BA",
    providers: index === 0 ? ["large", "small"] : ["small", "large"],
    windows: [`W0-0${String(index * 2 + 1)}`, `W0-0${String(index * 2 + 2)}`],
  })),
};

it("gives a matched set another place after all others, in the same sequence", () => {
  const plan = replan(REGISTRATION, ({ featureId }) => featureId === "b");
  expect(plan.experimentId).toBe("0123456789ab");
  expect(plan.registration).toMatchObject({ cohort: 2, name: "small", tasks: REGISTRATION.tasks });
  expect(plan.sets.slice(0, 2)).toEqual(replan(REGISTRATION, () => false).sets);
  expect(plan.sets.slice(2)).toEqual([
    expect.objectContaining({ featureId: "b", replicate: 2, sequence: "BA", cohort: 2 }),
  ]);
  expect(plan.sets[2]?.windows.map(({ window, provider }) => [window, provider])).toEqual([
    ["W1-01", "small"],
    ["W1-02", "large"],
  ]);
});

it("gives it a third place after the second, with numbers of its own", () => {
  const second = replan(REGISTRATION, () => true);
  const third = replan(second.registration, ({ replicate }) => replicate === 2);
  const windows = third.sets.flatMap((set) => set.windows.map(({ window }) => window));
  expect(third.registration).toMatchObject({ cohort: 3 });
  expect(windows.slice(8)).toEqual(["W2-01", "W2-02", "W2-03", "W2-04"]);
  expect(new Set(windows).size).toBe(windows.length);
});

it("leaves the registration as it is if nothing is worked again", () => {
  const { registration, sets, sha256 } = replan(REGISTRATION, () => false);
  expect(registration).toEqual(REGISTRATION);
  expect(sha256).toBe(canonicalSha256(REGISTRATION));
  expect(sets).toHaveLength(2);
});

import assert from "node:assert/strict";

import { type DataTable, Given, Then, When } from "@cucumber/cucumber";

import { keepLedger, labOf } from "./support/lab.ts";
import {
  completeAgain,
  completeAtOnce,
  completeUnread,
  type HandWindowSaid,
  threeFeatures,
  workByHand,
} from "./support/manual-gates.ts";
import type { ExperimentWorld } from "./support/world.ts";

Given(
  "these manual windows, with {string} as the baseline:",
  async function (this: ExperimentWorld, baseline: string, table: DataTable) {
    const windows = table
      .hashes()
      .map(({ WINDOW = "", PROVIDER = "", FEATURE = "", USED = "" }): HandWindowSaid => ({
        window: WINDOW,
        provider: PROVIDER,
        feature: FEATURE,
        used: Number(USED),
      }));
    await workByHand(this, windows, { baseline });
  },
);

Given(
  /^3 features have manual windows(?: (with typed readings|in two accounts of one vendor|in the plans of two vendors))?(?:, with "(\w+)" as the baseline)?$/u,
  async function (this: ExperimentWorld, how: string | undefined, said: string | undefined) {
    const arePlans = how === "in the plans of two vendors";
    const windows = arePlans ? threeFeatures("codex", "claude") : threeFeatures("one", "two");
    await workByHand(this, windows, {
      ...(said ? { baseline: said } : {}),
      ...(arePlans ? { source: "of the provider" } : {}),
      ...(how === "with typed readings" ? { source: "typed" } : {}),
      ...(how === "in two accounts of one vendor" ? { hasTwoAccounts: true } : {}),
    });
    keepLedger(this);
  },
);

Given(
  "the windows {string} of {string} were completed without readings",
  async function (this: ExperimentWorld, windows: string, providers: string) {
    const names = providers.split(", ");
    for (const [index, window] of windows.split(", ").entries()) {
      const provider = names[index] ?? "";
      await completeUnread(this, { window, provider, feature: "login", used: 0 });
    }
  },
);

Given(
  "the baseline {string} has manual windows of 3 features, and {string} is about to complete its own",
  async function (this: ExperimentWorld, baseline: string, candidate: string) {
    const isOpen = ({ provider }: HandWindowSaid) => provider === candidate;
    await workByHand(this, threeFeatures(baseline, candidate), { baseline, isOpen });
  },
);

When(
  /^the last window (?:is|has been) completed once more(?: with "([^"]+)")?$/u,
  async function (this: ExperimentWorld, options: string | undefined) {
    await completeAgain(this, options ?? "");
  },
);

When(
  "three processes complete the windows of {string} at once",
  async function (this: ExperimentWorld, provider: string) {
    labOf(this).ends = await completeAtOnce(this, provider);
  },
);

Then("every look in the ledger has other data", function (this: ExperimentWorld) {
  const prints = this.rowsOf("looks", "look_taken").map((row) => row["fingerprint"]);
  assert.ok(prints.length > 0);
  assert.equal(new Set(prints).size, prints.length);
});

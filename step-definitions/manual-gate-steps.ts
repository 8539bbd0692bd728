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
  "{int} features have manual windows, with {string} as the baseline",
  async function (this: ExperimentWorld, _features: number, baseline: string) {
    await workByHand(this, threeFeatures("one", "two"), { baseline });
    keepLedger(this);
  },
);

Given(
  "{int} features have manual windows with typed readings, with {string} as the baseline",
  async function (this: ExperimentWorld, _features: number, baseline: string) {
    await workByHand(this, threeFeatures("one", "two"), { baseline, source: "typed" });
  },
);

Given(
  "{int} features have manual windows in two accounts of one vendor, with {string} as the baseline",
  async function (this: ExperimentWorld, _features: number, baseline: string) {
    await workByHand(this, threeFeatures("one", "two"), { baseline, hasTwoAccounts: true });
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
  "{int} features have manual windows",
  async function (this: ExperimentWorld, _features: number) {
    await workByHand(this, threeFeatures("one", "two"), {});
    keepLedger(this);
  },
);

Given(
  "{int} features have manual windows in the plans of two vendors, with {string} as the baseline",
  async function (this: ExperimentWorld, _features: number, baseline: string) {
    await workByHand(this, threeFeatures("codex", "claude"), {
      baseline,
      source: "of the provider",
    });
  },
);

Given(
  "the baseline {string} has manual windows of 3 features, and {string} is about to complete its own",
  async function (this: ExperimentWorld, baseline: string, candidate: string) {
    const isOpen = ({ provider }: HandWindowSaid) => provider === candidate;
    await workByHand(this, threeFeatures(baseline, candidate), { baseline, isOpen });
  },
);

When("the last window is completed once more", async function (this: ExperimentWorld) {
  await completeAgain(this, "");
});

When(
  "the last window is completed once more with {string}",
  async function (this: ExperimentWorld, options: string) {
    await completeAgain(this, options);
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

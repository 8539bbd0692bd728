import assert from "node:assert/strict";

import { Given, When } from "@cucumber/cucumber";

import { epochMsOf } from "../ledger/domain/timestamp.ts";
import { momentOf, takeSnapshot } from "./support/manual-work.ts";
import type { ExperimentWorld } from "./support/world.ts";

const RESET_MS = epochMsOf("2025-10-19T13:00:00.000Z");

async function takeQuota(
  world: ExperimentWorld,
  words: readonly string[],
  [used, limit]: readonly [number, number],
): Promise<void> {
  const five = { type: "TOKENS_LIMIT", unit: 3, number: 5, nextResetTime: RESET_MS };
  const limits = [{ ...five, usage: limit, currentValue: used }];
  await takeSnapshot(world, words, JSON.stringify({ code: 200, data: { limits }, success: true }));
  assert.equal(world.last.exitCode, 0, world.last.stderr);
}

Given(
  "the quota JSON of glm was taken before {string} with {int} of {int} tokens used",
  async function (this: ExperimentWorld, window: string, used: number, limit: number) {
    const words = ["before", "glm", "--window", window, "--at", momentOf("10:00")];
    await takeQuota(this, words, [used, limit]);
  },
);

When(
  "the quota JSON of glm is taken after {string} with {int} of {int} tokens used",
  async function (this: ExperimentWorld, window: string, used: number, limit: number) {
    const words = ["after", "glm", "--window", window, "--at", momentOf("11:00")];
    await takeQuota(this, words, [used, limit]);
  },
);

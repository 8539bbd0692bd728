import assert from "node:assert/strict";

import { Given } from "@cucumber/cucumber";

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
  "the quota JSON of glm {is} taken {word} {string} with {int} of {int} tokens used",
  // oxlint-disable-next-line max-params -- one for each of the sentence
  async function (
    this: ExperimentWorld,
    _isDone: boolean,
    phase: string,
    window: string,
    used: number,
    limit: number,
  ) {
    const at = momentOf(phase === "before" ? "10:00" : "11:00");
    await takeQuota(this, [phase, "glm", "--window", window, "--at", at], [used, limit]);
  },
);

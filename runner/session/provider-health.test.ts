import { expect, it } from "vitest";

import { StillClock } from "../budgets/test-support/budget-lab.ts";
import { LONGEST_PAUSE_MS, ProviderHealth } from "./provider-health.ts";

const OUTAGE = {
  outcome: "infrastructure",
  reason: "The last request ended with status 503.",
} as const;
const PASS = { outcome: "pass", reason: null } as const;

it("pauses longer after each failure in a row, up to a limit", () => {
  const clock = new StillClock();
  const health = new ProviderHealth(clock);
  const pauses = Array.from({ length: 7 }, () => {
    health.note("large", OUTAGE);
    return health.pauseMs("large");
  });
  expect(pauses).toEqual([1000, 4000, 16_000, 64_000, 256_000, LONGEST_PAUSE_MS, LONGEST_PAUSE_MS]);
  expect(health.pauseMs("small")).toBe(0);
});

it("counts the time since the failure, and forgets failures after an answer", () => {
  const clock = new StillClock();
  const health = new ProviderHealth(clock);
  health.note("large", OUTAGE);
  health.note("large", OUTAGE);
  clock.ms += 3000;
  expect(health.pauseMs("large")).toBe(1000);
  clock.ms += 5000;
  expect(health.pauseMs("large")).toBe(0);
  health.note("large", { outcome: "interrupted", reason: null });
  health.note("large", OUTAGE);
  expect(health.pauseMs("large")).toBe(16_000);
  health.note("large", PASS);
  health.note("large", OUTAGE);
  expect(health.pauseMs("large")).toBe(1000);
});

it("stops a provider that refused the credential, and no other", () => {
  const health = new ProviderHealth(new StillClock());
  health.note("large", { ...OUTAGE, isKeyRefused: true });
  health.note("small", OUTAGE);
  expect([...health.stopped]).toEqual([["large", OUTAGE.reason]]);
});

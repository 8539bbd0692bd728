import { expect, it } from "vitest";

import { StillClock } from "../../gateway/budgets/test-support/budget-lab.ts";
import { LONGEST_PAUSE_MS, ProviderHealth } from "./provider-health.ts";

const OUTAGE = { outcome: "infrastructure" } as const;
const PASS = { outcome: "pass" } as const;
const LIMIT = { outcome: "provider_limit" } as const;
const HOUR_MS = 3_600_000;
const REFUSED = "The provider refused the credential (status 401). Mend this.";

it("pauses longer after each failure in a row, up to a limit", () => {
  const clock = new StillClock();
  const health = new ProviderHealth(clock);
  const pauses = Array.from({ length: 7 }, () => {
    health.note("large", OUTAGE);
    return health.pauseOf("large")?.ms;
  });
  expect(pauses).toEqual([1000, 4000, 16_000, 64_000, 256_000, LONGEST_PAUSE_MS, LONGEST_PAUSE_MS]);
  expect(health.pauseOf("small")).toBeNull();
});

it("counts the time since the failure, and forgets failures after an answer", () => {
  const clock = new StillClock();
  const health = new ProviderHealth(clock);
  health.note("large", OUTAGE);
  health.note("large", OUTAGE);
  clock.ms += 3000;
  expect(health.pauseOf("large")?.ms).toBe(1000);
  clock.ms += 5000;
  expect(health.pauseOf("large")).toBeNull();
  health.note("large", { outcome: "interrupted" });
  health.note("large", OUTAGE);
  expect(health.pauseOf("large")?.ms).toBe(16_000);
  health.note("large", PASS);
  health.note("large", OUTAGE);
  expect(health.pauseOf("large")?.ms).toBe(1000);
});

it("stops a provider that refused the credential, and no other, also after an answer", () => {
  const health = new ProviderHealth(new StillClock());
  health.note("large", { ...OUTAGE, keyRefusal: REFUSED });
  health.note("small", OUTAGE);
  health.note("tiny", { ...PASS, keyRefusal: REFUSED });
  expect([...health.stopped]).toEqual([
    ["large", REFUSED],
    ["tiny", REFUSED],
  ]);
});

it("pauses until a limit resets, however often it is reached in between", () => {
  const clock = new StillClock();
  const health = new ProviderHealth(clock);
  for (const hours of [1, 2, 3]) {
    const limitResetsAtMs = clock.nowMs() + hours * HOUR_MS;
    health.note("large", { ...LIMIT, limitResetsAtMs });
    const pause = { cause: "reset", ms: hours * HOUR_MS, resetsAtMs: limitResetsAtMs };
    expect(health.pauseOf("large")).toEqual(pause);
    clock.ms += hours * HOUR_MS;
    expect(health.pauseOf("large")).toBeNull();
  }
  expect(health.stopped.size).toBe(0);
});

it("stops a provider whose limit is reached three times in a row without a reset to come", () => {
  const clock = new StillClock();
  const health = new ProviderHealth(clock);
  health.note("large", LIMIT);
  health.note("large", { ...LIMIT, limitResetsAtMs: null });
  expect(health.pauseOf("large")).toEqual({ cause: "limit", ms: 4000, sinceMs: 0 });
  health.note("large", OUTAGE);
  health.note("large", LIMIT);
  health.note("large", LIMIT);
  expect(health.stopped.size).toBe(0);
  health.note("large", LIMIT);
  expect([...health.stopped.values()]).toEqual([
    "The provider answered 3 times in a row that its limit is reached (429), and did not say until when.",
  ]);
});

it("stops a provider whose limit always comes back", () => {
  const clock = new StillClock();
  const health = new ProviderHealth(clock);
  for (let times = 1; times <= 10; times += 1) {
    expect(health.stopped.size).toBe(0);
    health.note("large", { ...LIMIT, limitResetsAtMs: clock.nowMs() + HOUR_MS });
    clock.ms += HOUR_MS;
  }
  expect(health.stopped.size).toBe(1);
});

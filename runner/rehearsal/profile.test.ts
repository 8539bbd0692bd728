import { expect, test } from "vitest";

import { ModelProfile, REHEARSAL_PROFILES } from "./profile.ts";

test("an empty profile is a model that solves everything and never fails", () => {
  expect(ModelProfile.parse({})).toMatchObject({ solve_probability: 1, fault_rate: 0 });
});

test.each([
  { solve_probability: 1.01 },
  { solve_probability: -0.1 },
  { output_tokens: 0 },
  { output_tokens: 2.5 },
  { output_spread: 1 },
  { input_overhead_tokens: -1 },
  { cache: "yes" },
  { extra_turns: 21 },
  { latency_ms: 60_001 },
  { tokens_per_second: 0 },
  { fault_rate: 2 },
  { rework_rounds: 21 },
  { handoff_faults: 3 },
  { unknown_key: 1 },
])("a profile with %j is refused", (profile) => {
  expect(ModelProfile.safeParse(profile).success).toBe(false);
});

test("of the rehearsal's models the small one is cheaper and a little worse", () => {
  const large = REHEARSAL_PROFILES["scripted-large"];
  const small = REHEARSAL_PROFILES["scripted-small"];
  expect(small?.output_tokens).toBeLessThan((large?.output_tokens ?? 0) / 2);
  expect(small?.solve_probability).toBeLessThan(large?.solve_probability ?? 0);
  expect(small?.solve_probability).toBeGreaterThan(0.7);
});

test("a profile that says nothing of teams is registered as before", () => {
  expect(ModelProfile.parse({ rework_rounds: undefined })).toEqual(ModelProfile.parse({}));
  expect(Object.keys(ModelProfile.parse({}))).not.toContain("rework_rounds");
});

import { expect, test } from "vitest";

import { drawConversation, drawFault, drawOutputTokens } from "./draw-conversation.ts";
import { ModelProfile } from "./profile.ts";

const SCRIPT = {
  featureId: "f",
  title: "F",
  scenarios: Array.from({ length: 10 }, (_, index) => `scenario ${index}`),
  variants: [{ name: "reference", fails: [], files: {} }],
};

function draw(number: number, profile: Partial<ModelProfile>, seed = "42") {
  const id = { seed, model: "m", featureId: "f", number };
  return drawConversation(id, ModelProfile.parse(profile), SCRIPT);
}

function manyDraws(profile: Partial<ModelProfile>) {
  return Array.from({ length: 400 }, (_, index) => draw(index + 1, profile));
}

test("the same conversation of the same seed is drawn alike", () => {
  const profile = { solve_probability: 0.5, extra_turns: 5 };
  expect(draw(3, profile)).toEqual(draw(3, profile));
});

test("other conversations and other seeds are drawn again", () => {
  const profile = { solve_probability: 0.5 };
  expect(draw(4, profile).fails).not.toEqual(draw(3, profile).fails);
  expect(draw(3, profile, "43").fails).not.toEqual(draw(3, profile).fails);
});

test.each([0, 0.3, 0.8, 1])("with probability %d that share of scenarios is solved", (share) => {
  const failed = manyDraws({ solve_probability: share }).flatMap(({ fails }) => [...fails]);
  const solvedShare = 1 - failed.length / (400 * SCRIPT.scenarios.length);
  expect(Math.abs(solvedShare - share)).toBeLessThan(share % 1 === 0 ? 1e-12 : 0.03);
});

test("extra turns are drawn from none to the profile's most", () => {
  const turns = new Set(manyDraws({ extra_turns: 2 }).map(({ extraTurns }) => extraTurns));
  expect(turns).toEqual(new Set([0, 1, 2]));
});

test("output is spread around its average and never below one token", () => {
  const profile = ModelProfile.parse({ output_tokens: 1000, output_spread: 0.2 });
  const draws = Array.from({ length: 400 }, (_, index) => drawOutputTokens(profile, `${index}`));
  const mean = draws.reduce((sum, tokens) => sum + tokens) / draws.length;
  expect(Math.min(...draws)).toBeGreaterThanOrEqual(800);
  expect(Math.max(...draws)).toBeLessThanOrEqual(1200);
  expect(Math.abs(mean - 1000)).toBeLessThan(25);
  const tiny = ModelProfile.parse({ output_tokens: 1, output_spread: 0.9 });
  expect(drawOutputTokens(tiny, "key")).toBeGreaterThanOrEqual(1);
});

test("faults come at the profile's rate, overloads and breakdowns alike", () => {
  const profile = ModelProfile.parse({ fault_rate: 0.25 });
  const faults = Array.from({ length: 800 }, (_, index) => drawFault(profile, `${index}`));
  const share = (status: number): number => faults.filter((s) => s === status).length / 800;
  expect(Math.abs(share(500) - 0.125)).toBeLessThan(0.05);
  expect(Math.abs(share(529) - 0.125)).toBeLessThan(0.05);
  expect(drawFault(ModelProfile.parse({}), "any")).toBeUndefined();
});

import { expect, test } from "vitest";

import { readLitellm } from "./read-litellm.ts";

const GPT = {
  litellm_provider: "openai",
  mode: "responses",
  input_cost_per_token: 2.5e-6,
  output_cost_per_token: 1.5e-5,
};

test("figures that are not read are named, also halves of a tier, texts and fields within others", () => {
  const { fieldsLeftOut, models } = readLitellm({
    "gpt-9": {
      ...GPT,
      input_cost_per_token_above_128k_tokens: 3e-6,
      input_cost_per_token_priority: 5e-6,
      output_cost_per_token_thinking: "0.0001",
      provider_specific_entry: { us: 1.1, fast: 6 },
      web_search_billing_unit: "call",
      annotation_per_page: 0.003,
      input_dbu_per_token: 0.1,
      input_cost_per_character: 0,
      supports_vision: true,
      max_tokens: 128_000,
      source: "a page",
    },
    "qwen9-coder": {
      litellm_provider: "dashscope",
      tiered_pricing: [
        { range: [0, 1], input_cost_per_token: 1e-6, output_cost_per_token: 5e-6, thinking: 1 },
      ],
    },
  });
  expect(models["gpt-9"]).not.toHaveProperty("tiers");
  expect([...fieldsLeftOut.keys()]).toEqual([
    "annotation_per_page",
    "input_cost_per_token_above_128k_tokens",
    "input_cost_per_token_priority",
    "input_dbu_per_token",
    "output_cost_per_token_thinking",
    "provider_specific_entry",
    "tiered_pricing.thinking",
    "web_search_billing_unit",
  ]);
});

const SAME_ID = "the list has this id twice, and the other entry was taken";

test("of two entries with one id, the one that is not taken is named", () => {
  const zai = { ...GPT, litellm_provider: "zai" };
  const entries = { "zai/g": zai, "mistral/g": { ...zai, litellm_provider: "mistral" } };
  const { leftOut } = readLitellm(entries);
  expect(leftOut.get(SAME_ID)).toEqual(["mistral/g"]);
  const own = readLitellm({ "zai/g": zai, g: zai });
  expect(own.leftOut.get(SAME_ID)).toEqual(["zai/g"]);
});

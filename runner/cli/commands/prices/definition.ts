import { CONFIG, JSON_OUTPUT } from "../../common-options.ts";
import type { CommandDefinition } from "../../definition.ts";

export const pricesList = {
  name: "list",
  about: "List the prices that an experiment here would use. Your own prices come first.",
  options: [
    ["--model <pattern>", "only models with such an id, e.g. 'gpt-5*'"],
    CONFIG,
    JSON_OUTPUT,
  ],
  examples: [
    ["prices list", "every model with a price"],
    ["prices list --model 'glm-*' --json", "some models, for a script"],
  ],
} as const satisfies CommandDefinition;

export const pricesRefresh = {
  name: "refresh",
  about:
    "Make a price file from the public list of LiteLLM or models.dev, from a copy or an address.",
  options: [
    ["--from <list>", "the copy or its address (https://)", { isRequired: true }],
    ["--out <file>", "the price file to write: YAML or JSON, by its name", { isRequired: true }],
    ["--as-of <date>", "the day of the list (default: when it was last changed)"],
    ["--json", "print what was taken and what was left out as JSON"],
  ],
  examples: [
    [
      "prices refresh --from model_prices_and_context_window.json --out prices.yaml",
      "then write prices: prices.yaml into experiment.yaml",
    ],
    [
      "prices refresh --from https://models.dev/api.json --out prices.yaml",
      "over the network; the file names the list's SHA-256",
    ],
  ],
} as const satisfies CommandDefinition;

export const prices = {
  name: "prices",
  about: "Show or refresh the prices of models.",
  commands: [pricesList, pricesRefresh],
} as const satisfies CommandDefinition;

import type { ModelPrice } from "../../runner/gateway/prices/price-list.ts";
import { stepsOf } from "../../runner/gateway/prices/request-dollars.ts";
import { SHIPPED_PRICES } from "../../runner/gateway/prices/shipped-prices.ts";
import { code, page, section } from "./markdown.ts";
import { KNOWN_DIFFERENCES } from "./price-differences.ts";

/** The page of the shipped prices: where each comes from, and where others have another. */
export function pricesPage(): string {
  const { as_of: asOf = "", source = "", models } = SHIPPED_PRICES;
  const rows = Object.entries(models).map(([id, price]) => [
    code(id),
    ...[price.input, price.output, price.cache_read, price.cache_write_5m].map((figure) =>
      figure === undefined ? "" : String(figure),
    ),
    conditionsOf(price).join("; "),
    price.source ?? "",
  ]);
  const differences = KNOWN_DIFFERENCES.map(({ catalogue, models: ids, reason }) => [
    catalogue,
    ids.map(code).join(", "),
    reason,
  ]);
  return page(
    "runner/gateway/prices/prices.json",
    "# Prices",
    `The list of ${asOf}, in dollars per million tokens. Source: ${source}. \`experiment prices list\` also shows your own.`,
    "An empty cell means that the price is unknown. `anthropic/`, `google/`, `openai/` and `x-ai/` before an id (OpenRouter), a region before an id of Bedrock, and a date or `@default` after one (Vertex AI) lead to the vendor's own price. A region of Bedrock costs a tenth more.",
    ...section(
      "## Models",
      ["model", "input", "output", "cache read", "cache write", "other conditions", "source"],
      rows,
    ),
    "## Differences from other catalogues",
    "A test compares the list with pi's catalogue and with ccusage. These are all differences:",
    ...section("", ["catalogue", "models", "why"], differences).slice(1),
  );
}

function conditionsOf(price: ModelPrice): readonly string[] {
  const { tiers = {}, regions = {}, since, earlier = [], peak } = price;
  return [
    ...stepsOf(price).map(
      (step) => `above ${String(step.above_tokens)}: ${String(step.input)}, ${String(step.output)}`,
    ),
    ...Object.entries({ ...tiers, ...regions }).map(([name, tier]) =>
      typeof tier === "number"
        ? `${name} × ${String(tier)}`
        : `${name}: ${String(tier.input)}, ${String(tier.output)}`,
    ),
    ...(peak === undefined ? [] : ["peak hours"]),
    ...(since === undefined ? [] : [`since ${since}`]),
    ...(earlier.length === 0 ? [] : [`${String(earlier.length)} earlier`]),
  ];
}

import { stringify } from "yaml";

import { shortBank } from "./short-bank.ts";

/** Models that deal the same tokens for the same work: only their names and prices differ. */
const PROFILE = { output_tokens: 500, output_spread: 0, tokens_per_second: 10_000_000 };

/** `experiment.yaml` of one model of each of two vendors, on one feature. */
export function twoVendors(one: string, other: string): string {
  return stringify({
    name: "vendors",
    tasks: { bank: shortBank(), include: ["lru-cache"] },
    providers: { first: provider(one), second: provider(other) },
    upstreams: {
      [one]: { scripted: { [one]: PROFILE } },
      [other]: { scripted: { [other]: PROFILE } },
    },
  });
}

/** `experiment.yaml` of two of its vendor's models behind Claude Code, which a script plays. */
export function claudeModels(one: string, other: string): string {
  const agent = { driver: "claude-code", vendor: "anthropic", upstream: "played" };
  return stringify({
    name: "own-word",
    tasks: { bank: shortBank(), include: ["lru-cache"] },
    providers: { first: { ...agent, model: one }, second: { ...agent, model: other } },
    upstreams: { played: { scripted: { [one]: PROFILE, [other]: PROFILE } } },
  });
}

function provider(model: string) {
  return { driver: "builtin-agent", vendor: `vendor-of-${model}`, model, upstream: model };
}

import { Given } from "@cucumber/cucumber";
import { stringify } from "yaml";

import { shortBank } from "./support/short-bank.ts";
import type { ExperimentWorld } from "./support/world.ts";

const MAIN = { base_url: "https://main.invalid", auth: "env MAIN_KEY" };
const OTHER = { base_url: "https://other.invalid", auth: "env OTHER_KEY" };

Given(
  /^a sub-agent trial in tokens, whose (?:candidate's sub-agents use a backend that belongs to no provider|third provider says that the backend it shares is of "([^"]+)")$/u,
  function (this: ExperimentWorld, vendor: string | undefined) {
    this.write("experiment.yaml", subagentTrial(vendor ? { sharedBy: vendor } : {}));
  },
);

/** The main requests of all providers go to one vendor; only the candidate's sub-agents go elsewhere. */
function subagentTrial({ sharedBy }: { readonly sharedBy?: string }): string {
  const agent = { driver: "claude-code", vendor: "main-vendor", model: "m", upstream: "main" };
  const own =
    sharedBy === undefined ? {} : { third: { ...agent, upstream: "other", vendor: sharedBy } };
  return stringify({
    tasks: { bank: shortBank(), include: ["lru-cache"] },
    providers: { first: agent, second: { ...agent, routes: ["elsewhere"] }, ...own },
    upstreams: { main: MAIN, other: OTHER },
    routes: { elsewhere: [{ when: { subagent: true }, to: "other", model: "n" }] },
    analysis: { cost: "tokens", cost_scope: "subagents" },
  });
}

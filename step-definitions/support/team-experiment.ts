import { readFileSync } from "node:fs";
import path from "node:path";

import { parse, stringify } from "yaml";

import { RoleWorked, TeamReviewed } from "../../ledger/domain/role-worked.ts";
import { packageFolder } from "../../runner/platform/environment/package-folder.ts";
import { shortBank } from "./short-bank.ts";
import type { ExperimentWorld } from "./world.ts";

/** A builder and a critic, for scenarios that need no more than a review loop. */
export const PAIR = `version: 1
roles:
  - name: builder
    command: /build
    reads: [task, critic]
    writes: ["**"]
    handoff: implementation
    prompt: "Build this. {task} {critic} Hand over in {handoff}."
  - name: critic
    command: /criticise
    reads: [task, diff]
    writes: []
    handoff: review
    sends_back_to: builder
    prompt: "Look for faults. {task} {diff} Hand over in {handoff}."
`;

/** An experiment of one agent alone against a team, on a scripted model that the run starts itself. */
export function teamExperiment(
  workflow: string,
  profile: Readonly<Record<string, unknown>> = {},
): string {
  const provider = { driver: "builtin-agent", model: "scripted", upstream: "models" };
  const model = { output_tokens: 200, output_spread: 0, tokens_per_second: 10_000_000, ...profile };
  return stringify({
    name: "teams",
    seed: "1",
    tasks: { bank: shortBank(), include: ["lru-cache"] },
    providers: { alone: provider, team: { ...provider, workflow } },
    upstreams: { models: { scripted: { scripted: model } } },
  });
}

/** `a: 1, b: true` as fields. */
export function readProfile(text: string): Readonly<Record<string, unknown>> {
  return parse(`{ ${text} }`);
}

/** The workflow that comes with the product, with changes of its roles by their names. */
export function shippedTeam(
  change: (role: Record<string, unknown>) => Record<string, unknown>,
): string {
  const file = path.join(packageFolder(), "docs/examples/team.yaml");
  const { roles, ...rest } = parse(readFileSync(file, "utf8"));
  return stringify({ ...rest, roles: roles.map(change) });
}

/** The turns of the provider called team, in their order. */
export function turnsOf(world: ExperimentWorld, provider = "team"): readonly RoleWorked[] {
  return world
    .rowsOf("handoffs", "role_worked")
    .map((row) => RoleWorked.parse(row))
    .filter((row) => row.provider === provider)
    .toSorted((left, right) => left.turn - right.turn);
}

export function retrospectiveOf(world: ExperimentWorld, provider = "team"): TeamReviewed {
  const rows = world.rowsOf("handoffs", "team_reviewed").map((row) => TeamReviewed.parse(row));
  const found = rows.find((row) => row.provider === provider);
  if (found === undefined) throw new Error(`No retrospective of ${provider}.`);
  return found;
}

/** The same with two teams and two tasks, whose windows run at the same time. */
export function twoTeams(file: string): string {
  const { providers, tasks, upstreams, ...rest } = parse(file);
  const team = { ...providers.team, windows: 2 };
  const { scripted } = upstreams.models.scripted;
  return stringify({
    ...rest,
    tasks: { ...tasks, include: ["lru-cache", "rate-limiter"] },
    providers: { alone: { ...team, model: "other" }, team },
    upstreams: { models: { scripted: { scripted, other: scripted } } },
    design: { concurrency: 2 },
  });
}

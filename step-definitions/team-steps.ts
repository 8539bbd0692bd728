import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";

import { type DataTable, Given, Then } from "@cucumber/cucumber";
import { parse, stringify } from "yaml";
import { z } from "zod";

import { readRecording } from "../runner/gateway/proxy/recording/recorded-exchange.ts";
import { packageFolder } from "../runner/platform/environment/package-folder.ts";
import { SERVER_MODELS } from "./support/counting-server.ts";
import { onServer, PROVIDER_KEY } from "./support/experiment-file.ts";
import { gitIn } from "./support/git-facts.ts";
import { writeExperiment } from "./support/lab.ts";
import { finalRows } from "./support/ledger-windows.ts";
import {
  PAIR,
  readProfile,
  retrospectiveOf,
  shippedTeam,
  teamExperiment,
  turnsOf,
  twoTeams,
} from "./support/team-experiment.ts";
import type { ExperimentWorld } from "./support/world.ts";

Given(
  "an experiment of a team whose model has {string}",
  function (this: ExperimentWorld, profile: string) {
    this.write("experiment.yaml", teamExperiment("team", readProfile(profile)));
  },
);

Given(
  "an experiment of a builder and a critic whose model has {string}",
  function (this: ExperimentWorld, profile: string) {
    this.write("pair.yaml", PAIR);
    this.write("experiment.yaml", teamExperiment("pair.yaml", readProfile(profile)));
  },
);

Given(
  "an experiment of a team in which the {word} has {string}",
  function (this: ExperimentWorld, name: string, fields: string) {
    const change = (role: Record<string, unknown>) =>
      role["name"] === name ? { ...role, ...readProfile(fields) } : role;
    this.write("own.yaml", shippedTeam(change));
    this.write("experiment.yaml", teamExperiment("own.yaml"));
  },
);

Given(
  "an experiment of the real Claude Code alone and as a builder and a critic on that server",
  function (this: ExperimentWorld) {
    this.write("pair.yaml", PAIR);
    const [one, other] = SERVER_MODELS.map((model) => onServer("claude-code", model));
    assert.ok(one !== undefined && other !== undefined);
    const providers = { alone: one, team: { ...other, workflow: "pair.yaml" } };
    writeExperiment(this, { task: "lru-cache", providers });
  },
);

const SHIPPED = path.join(packageFolder(), "docs/examples/solo-against-team/experiment.yaml");

Given(
  "the shipped example of one agent against a team, with Claude Code in it as its last lines say",
  function (this: ExperimentWorld) {
    const text = readFileSync(SHIPPED, "utf8");
    const { providers, upstreams: _scripted, ...rest } = parse(text);
    const { alone } = parse(/^# {3}(alone: .*)$/mu.exec(text)?.[1] ?? "");
    const { workflow } = providers.team;
    const changed = { ...rest, providers: { alone, team: { ...alone, workflow } } };
    this.write("experiment.yaml", stringify(changed));
    this.variables["ANTHROPIC_API_KEY"] = PROVIDER_KEY;
  },
);

Given("its {word} has {string}", function (this: ExperimentWorld, role: string, fields: string) {
  const text = this.read("pair.yaml");
  const start = text.indexOf(`name: ${role}`);
  assert.ok(start > 0, `No role ${role}.`);
  const line = `name: ${role}\n    ${fields}`;
  this.write("pair.yaml", text.slice(0, start) + text.slice(start).replace(`name: ${role}`, line));
});

Then("its turns are:", function (this: ExperimentWorld, table: DataTable) {
  const turns = turnsOf(this).map(({ role, round, end, refused_handoffs: refused, commit }) => ({
    ROLE: role,
    ROUND: String(round),
    END: end,
    REFUSED: String(refused.length),
    COMMIT: commit === null ? "none" : "its own",
  }));
  const columns = table.raw()[0] ?? [];
  const shown = turns.map((turn) =>
    Object.fromEntries(Object.entries(turn).filter(([name]) => columns.includes(name))),
  );
  assert.deepEqual(shown, table.hashes());
});

Then(
  "the refused handoff of its {word} has the fault {string}",
  function (this: ExperimentWorld, role: string, fault: string) {
    const [turn] = turnsOf(this).filter(
      (one) => one.role === role && one.refused_handoffs.length > 0,
    );
    const faults = turn?.refused_handoffs.flat() ?? [];
    assert.ok(
      faults.some((one) => one.includes(fault)),
      faults.join("\n"),
    );
  },
);

Then(
  "its finding {int} is {word}, found in round {int}",
  function (this: ExperimentWorld, number: number, status: string, round: number) {
    const finding = retrospectiveOf(this).findings.find((one) => one.number === number);
    assert.equal(finding?.status, status);
    assert.equal(finding.found_in_round, round);
  },
);

Then("its work was sent back {int} time(s)", function (this: ExperimentWorld, times: number) {
  const { rework_rounds: rounds, sent_back: sentBack } = retrospectiveOf(this);
  assert.equal(rounds, times);
  assert.ok(sentBack.every(({ tokens }) => tokens > 0));
});

Then("its commits are by {string}", async function (this: ExperimentWorld, authors: string) {
  const row = finalRows(this).find(({ provider }) => provider === "team");
  const place = await restore(this);
  const range = `${row?.commit_start ?? ""}..${row?.commit_end ?? ""}`;
  const log = await gitIn(place, ["log", "--reverse", "--format=%an", range]);
  assert.equal(log.trim().split("\n").join(", "), authors);
});

/** The bundle of the team's work as a repository. */
async function restore(world: ExperimentWorld): Promise<string> {
  const row = finalRows(world).find(({ provider }) => provider === "team");
  world.write("restored/.keep", "");
  const place = world.file("restored");
  await gitIn(place, ["init", "--quiet"]);
  const bundle = world.file(`.experiment/${row?.sealed_work?.file ?? "none"}`);
  await gitIn(place, ["bundle", "unbundle", bundle]);
  return place;
}

const Asked = z.looseObject({ messages: z.array(z.looseObject({ content: z.unknown() })).min(1) });

/** The first prompt of each conversation of a role, as the proxy has recorded it. */
function promptsOf(world: ExperimentWorld, role: string): readonly string[] {
  const prompts = readRecording(world.file("recording")).map(({ request_body: body }) => {
    const { messages } = Asked.parse(JSON.parse(Buffer.from(body, "base64").toString()));
    return JSON.stringify(messages[0]);
  });
  return [...new Set(prompts.filter((text) => text.includes(`You work as the ${role} of a team`)))];
}

Then(
  "the prompts of the {word} hold {string} and not {string}",
  function (this: ExperimentWorld, role: string, text: string, other: string) {
    const prompts = promptsOf(this, role);
    assert.ok(prompts.length > 0, `No prompt of the ${role}.`);
    assert.ok(prompts.every((prompt) => prompt.includes(text) && !prompt.includes(other)));
  },
);

Then("the tokens of its turns are those of its window", function (this: ExperimentWorld) {
  const row = finalRows(this).find(({ provider }) => provider === "team");
  const sums = turnsOf(this).map(({ usage }) => usage.output ?? 0);
  assert.ok(sums.length > 1);
  assert.equal(
    sums.reduce((sum, tokens) => sum + tokens, 0),
    row?.usage.output,
  );
});

Given("an experiment of two teams that work at the same time", function (this: ExperimentWorld) {
  this.write("pair.yaml", PAIR);
  this.write("experiment.yaml", twoTeams(teamExperiment("pair.yaml", { rework_rounds: 1 })));
});

Then(
  "each team's turns follow each other without those of the other, and add up to the tokens of their windows",
  function (this: ExperimentWorld) {
    assertApart(this);
    assertSums(this);
  },
);

function assertApart(world: ExperimentWorld): void {
  for (const turns of turnsByWindow(world)) {
    const places = turns.map(({ turn }) => turn);
    assert.deepEqual(places, [1, 2, 3, 4]);
    const findings = turns.flatMap(({ handoff }) => handoff?.content["findings"] ?? []);
    assert.ok(findings.length > 0);
  }
  const [one, other] = turnsByWindow(world);
  // They did work at the same time.
  assert.ok((one?.[0]?.started_at ?? "") < (other?.at(-1)?.ended_at ?? ""));
}

function assertSums(world: ExperimentWorld): void {
  for (const turns of turnsByWindow(world)) {
    const row = finalRows(world).find(({ window }) => window === turns[0]?.window);
    const tokens = turns.reduce((sum, { usage }) => sum + (usage.output ?? 0), 0);
    assert.equal(tokens, row?.usage.output);
  }
}

function turnsByWindow(world: ExperimentWorld) {
  const all = ["alone", "team"].flatMap((provider) => turnsOf(world, provider));
  const windows = Map.groupBy(all, ({ window }) => window);
  assert.equal(windows.size, 4);
  return [...windows.values()];
}

Then("its quality before and after the review is in the ledger", function (this: ExperimentWorld) {
  const { quality_before_review: before, quality_after_review: after } = retrospectiveOf(this);
  const row = finalRows(this).find(({ provider }) => provider === "team");
  const built = turnsOf(this).filter(({ handoff }) => handoff?.kind === "implementation");
  assert.deepEqual([built[0]?.quality, built.at(-1)?.quality], [before, after]);
  assert.equal(after, row?.quality);
  assert.ok(
    before !== null && after !== null && before < after,
    `${String(before)} ${String(after)}`,
  );
});

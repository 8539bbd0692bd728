import assert from "node:assert/strict";
import { globSync, mkdirSync, readFileSync } from "node:fs";

import { type DataTable, Given, Then } from "@cucumber/cucumber";

import { breakAnswers } from "../runner/gateway/proxy/test-support/break-answers.ts";
import { startFakeUpstream } from "../runner/gateway/proxy/test-support/fake-upstream.ts";
import { MARKER_VARIABLE } from "../runner/platform/processes/sweep-processes.ts";
import { SERVER_MODELS, dealtByModel, startCountingServer } from "./support/counting-server.ts";
import { PROVIDER_KEY, onScriptedModel, onServer } from "./support/experiment-file.ts";
import { useInstalled } from "./support/installed-agents.ts";
import { labOf, putOnPath, writeExperiment } from "./support/lab.ts";
import { countedByModel } from "./support/ledger-windows.ts";
import { filesHolding } from "./support/search-files.ts";
import {
  FAULT_HEADERS,
  FAULTS_OF_TLS,
  SERVER_FAULTS,
  startStubModel,
  startTlsModel,
} from "./support/stub-model.ts";
import type { ExperimentWorld } from "./support/world.ts";

const WATCH_MS = 20;

Given(
  /^(Claude Code|Codex|the client "\w+") is installed$/u,
  async function (this: ExperimentWorld, title: string) {
    const [, client = ""] = /"(\w+)"/u.exec(title) ?? [];
    const command = { "Claude Code": "claude", Codex: "codex" }[title] ?? client;
    return await useInstalled(this, { command, title });
  },
);

Given(
  /^a model server that keeps count of what it deals(?:, whose models (solve nothing))?(?:, whose answers take (\d+) tokens each)?(?:, whose second answer (breaks off|says that it is overloaded))?$/u,
  // oxlint-disable-next-line max-params -- one for each of the sentence
  async function (
    this: ExperimentWorld,
    how: string | undefined,
    tokens: string | undefined,
    breaks: string | undefined,
  ) {
    if (tokens) {
      await useCountingServer(this, { input_overhead_tokens: Number(tokens), cache: false });
    } else await useCountingServer(this, how ? { solve_probability: 0 } : {});
    if (breaks) await breakSecondAnswer(this, breaks);
  },
);

Given("a model server that {fault}", async function (this: ExperimentWorld, fault: string) {
  const statuses = SERVER_FAULTS[fault] ?? [];
  const { url, stop } = FAULTS_OF_TLS.has(fault)
    ? await startTlsModel(statuses)
    : await startStubModel(statuses, FAULT_HEADERS[fault]);
  labOf(this).serverUrl = url;
  this.cleanups.push(stop);
});

Given(
  /^an experiment of "(.*)" with two "(.*)" providers on (that server|a scripted model)$/u,
  function (this: ExperimentWorld, task: string, driver: string, place: string) {
    const [one, two] = SERVER_MODELS;
    const providers =
      place === "that server"
        ? { one: onServer(driver, one), two: onServer(driver, two) }
        : { one: onScriptedModel(driver), two: onScriptedModel(driver, true) };
    writeExperiment(this, { task, providers });
  },
);

Given(
  "an experiment of {string} with the providers:",
  function (this: ExperimentWorld, task: string, table: DataTable) {
    const providers = table.hashes().map(({ PROVIDER = "", DRIVER = "", AUTH = "" }) => {
      return [PROVIDER, { driver: DRIVER, model: `model-of-${PROVIDER}`, auth: AUTH }] as const;
    });
    writeExperiment(this, { task, providers: Object.fromEntries(providers) });
  },
);

Given(
  /^the environment variables? "(\w+)"(?: and "(\w+)")? (?:holds a key|hold keys)$/u,
  function (this: ExperimentWorld, one: string, other: string | undefined) {
    for (const name of [one, ...(other ? [other] : [])]) this.variables[name] = PROVIDER_KEY;
  },
);

Given(
  "programs on the PATH that answer as soon as all of them have been asked:",
  function (this: ExperimentWorld, table: DataTable) {
    const [names = []] = table.raw();
    const marks = this.file("asked");
    mkdirSync(marks);
    for (const name of names) {
      const meet = `: > ${marks}/${name}
until set -- ${marks}/* && [ $# -ge ${String(names.length)} ]; do /bin/sleep 0.05; done`;
      // A sandbox is tried out, and this one holds nothing.
      const answer = name === "bwrap" ? "exit 1" : "echo 1.2.3";
      putOnPath(this, name, `#!/bin/sh\n${meet}\n${answer}\n`);
    }
  },
);

Given("no program at all on the PATH", function (this: ExperimentWorld) {
  this.variables["PATH"] = this.file("empty");
});

Given(
  "a {string} on the PATH that only says {string} and exits with {int}",
  function (this: ExperimentWorld, name: string, said: string, exitCode: number) {
    putOnPath(this, name, `#!/bin/sh\necho '${said}' >&2\nexit ${String(exitCode)}\n`);
  },
);

Given("a log-in of Claude Code that expired yesterday", function (this: ExperimentWorld) {
  const claudeAiOauth = { accessToken: "expired", expiresAt: 1 };
  this.write(".claude/.credentials.json", JSON.stringify({ claudeAiOauth }));
});

Given("the environment of the agent's processes is watched", function (this: ExperimentWorld) {
  const seen = new Set<string>();
  const watch = setInterval(() => {
    const before = seen.size;
    for (const text of environmentsWith(MARKER_VARIABLE)) {
      if (text.includes(this.folder)) seen.add(text);
    }
    if (seen.size > before) this.write("agent-environment", [...seen].join("\n"));
  }, WATCH_MS);
  this.cleanups.push(() => clearInterval(watch));
});

Then("the ledger counts the very tokens that the server dealt", function (this: ExperimentWorld) {
  const { server } = labOf(this);
  assert.ok(server !== undefined && server.dealt().length > 0, "The server dealt nothing.");
  assert.deepEqual(countedByModel(this), dealtByModel(server));
});

Then(
  "the server was shown the provider's key with every request, which neither the agent's environment nor a file of the run holds",
  function (this: ExperimentWorld) {
    assertKeyShown(this);
    assertKeyHidden(this);
  },
);

function assertKeyShown(world: ExperimentWorld): void {
  const shown = new Set(
    labOf(world)
      .server?.dealt()
      .map(({ keyHeader }) => keyHeader),
  );
  assert.deepEqual([...shown], [`x-api-key: …${PROVIDER_KEY.slice(-4)}`]);
}

function assertKeyHidden(world: ExperimentWorld): void {
  assert.match(world.read("agent-environment"), /^ANTHROPIC_BASE_URL=/mu);
  assert.deepEqual(filesHolding(world.folder, PROVIDER_KEY), []);
}

/** The environments of all processes that have a variable, one variable a line. */
function environmentsWith(variable: string): readonly string[] {
  const files = globSync("/proc/[0-9]*/environ");
  return files.map(readEnvironment).filter((text) => text.includes(`${variable}=`));
}

function readEnvironment(file: string): string {
  try {
    return readFileSync(file, "utf8").replaceAll("\0", "\n");
  } catch {
    // The process has ended, or it belongs to another user.
    return "";
  }
}

/** Puts a server before the scenario's own, which breaks one of its answers. */
async function breakSecondAnswer(world: ExperimentWorld, breaks: string): Promise<void> {
  const how = breaks === "breaks off" ? "cut" : "overloaded";
  const lab = labOf(world);
  const upstream = await startFakeUpstream(
    breakAnswers(lab.serverUrl ?? "", how, (nth) => nth === 2),
  );
  world.cleanups.push(() => upstream.stop());
  lab.serverUrl = upstream.origin;
}

async function useCountingServer(
  world: ExperimentWorld,
  profile: Parameters<typeof startCountingServer>[0],
): Promise<void> {
  const server = await startCountingServer(profile);
  world.cleanups.push(() => server.stop());
  Object.assign(labOf(world), { server, serverUrl: server.url });
}

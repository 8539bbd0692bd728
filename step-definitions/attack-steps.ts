import assert from "node:assert/strict";
import { chmodSync, cpSync, existsSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";

import { Given, Then } from "@cucumber/cucumber";
import { parse, stringify } from "yaml";

import { type EscapeTargets, HOST_SEES } from "../runner/agents/sandbox/escape-attempts.ts";
import { packageFolder } from "../runner/platform/environment/package-folder.ts";
import { waitForEndOf } from "./support/find-processes.ts";
import { gitIn } from "./support/git-facts.ts";
import { putOnPath } from "./support/lab.ts";
import { finalOfOrder } from "./support/ledger-windows.ts";
import { installAgent } from "./support/made-up-agent.ts";
import { shortBank } from "./support/short-bank.ts";
import type { ExperimentWorld } from "./support/world.ts";

const SOLUTION = "lru-cache/solution/src/lru-cache.ts";
const targets = new WeakMap<ExperimentWorld, EscapeTargets>();

Given(
  "a {string} on the PATH that looks for every way out, and a bank in a repository",
  async function (this: ExperimentWorld, name: string) {
    await moveBank(this);
    const aims = await setTargets(this);
    targets.set(this, aims);
    const behaviour = "tries every way out of its sandbox";
    installAgent(this, { name, behaviour, targets: aims });
  },
);

Given(
  "a {string} in a folder of PATH that every user may write",
  function (this: ExperimentWorld, name: string) {
    putOnPath(this, name, "#!/bin/sh\n");
    chmodSync(this.file("bin"), 0o777);
  },
);

Then(
  "it found no way out of its sandbox, and left nothing outside",
  async function (this: ExperimentWorld) {
    const { experiment_id: id, window, attempt } = finalOfOrder(this, 1);
    const capture = this.read(`.experiment/captures/${id}/${window}-${String(attempt)}.jsonl`);
    const seemed: string[] = JSON.parse(capture);
    const onHost: readonly string[] = Object.values(HOST_SEES);
    const escaped = seemed.filter((way) => !onHost.includes(way));
    const { program, command, beside, mark } = aimsOf(this);
    const planted = [program, command, beside].filter((file) => existsSync(file));
    assert.deepEqual([escaped, planted], [[], []]);
    await waitForEndOf(mark);
  },
);

/** Copies the bank into a git repository, and lets the experiment use it. */
async function moveBank(world: ExperimentWorld): Promise<void> {
  cpSync(shortBank(), world.file("project/bank"), { recursive: true });
  const project = world.file("project");
  await gitIn(project, ["init", "--quiet"]);
  await gitIn(project, ["add", "."]);
  const author = ["-c", "user.name=user", "-c", "user.email=user@example.org"];
  await gitIn(project, [...author, "commit", "--quiet", "--message", "bank"]);
  useBank(world, "project/bank");
}

function useBank(world: ExperimentWorld, bank: string): void {
  const file = parse(world.read("experiment.yaml"));
  file.tasks.bank = world.file(bank);
  world.write("experiment.yaml", stringify(file));
}

function aimsOf(world: ExperimentWorld): EscapeTargets {
  const aims = targets.get(world);
  assert.ok(aims !== undefined, "No agent of this scenario tries to escape.");
  return aims;
}

/** Everything that the agent aims at exists on the host. */
async function setTargets(world: ExperimentWorld): Promise<EscapeTargets> {
  world.write("home/secret", "the user's");
  const mark = `left-behind-${crypto.randomUUID()}`;
  const program = path.join(packageFolder(), "dist", "runner", mark);
  world.cleanups.push(() => rmSync(program, { force: true }));
  const aims = {
    solution: world.file(`project/bank/${SOLUTION}`),
    repository: world.file("project"),
    inRepository: `bank/${SOLUTION}`,
    program,
    command: world.file("bin/git"),
    loot: "src/lru-cache.ts",
    beside: "../grading-planted",
    secret: world.file("home/secret"),
    socket: world.file("host.sock"),
    harness: process.pid,
    mark,
  };
  await listen(world, aims.socket);
  return { ...aims, port: await listen(world, 0) };
}

async function listen(world: ExperimentWorld, at: string | number): Promise<number> {
  const server = createServer((socket) => socket.destroy());
  world.cleanups.push(() => void server.close());
  await new Promise<void>((resolve) => {
    if (typeof at === "string") server.listen(at, resolve);
    else server.listen(at, "127.0.0.1", resolve);
  });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

import assert from "node:assert/strict";

import { Given, Then } from "@cucumber/cucumber";
import { parse, stringify } from "yaml";

import type { NeighbourFindings } from "./support/charge-neighbour.ts";
import { NEIGHBOUR_TARGET } from "./support/charge-neighbour.ts";
import { onScriptedModel, onServer } from "./support/experiment-file.ts";
import { labOf, writeExperiment } from "./support/lab.ts";
import { finalRows, requestRows } from "./support/ledger-windows.ts";
import { type MeetingServer, startMeetingServer } from "./support/meeting-server.ts";
import type { ExperimentWorld } from "./support/world.ts";

const TASKS = ["lru-cache", "rate-limiter"];
const OWN_SOCKET = "/run/proxy.sock";
const servers = new WeakMap<ExperimentWorld, MeetingServer>();

Given(
  "an experiment where {string} works on two tasks at the same time, and each learns the other's key",
  async function (this: ExperimentWorld, first: string) {
    const server = await startMeetingServer(TASKS.length);
    servers.set(this, server);
    this.cleanups.push(server.stop);
    labOf(this).serverUrl = server.url;
    const second = "builtin-agent";
    const providers = { [first]: onServer(first, "any"), [second]: onScriptedModel(second) };
    writeExperiment(this, { task: TASKS.join(), providers });
    const file = parse(this.read("experiment.yaml"));
    file.tasks.include = TASKS;
    file.design.concurrency = TASKS.length;
    file.providers[first].windows = TASKS.length;
    this.write("experiment.yaml", stringify(file));
  },
);

Then(
  "no agent could use or see its neighbour's key, and each window has its own requests and connections alone",
  function (this: ExperimentWorld) {
    assertRefused(this);
    assertUnseen(this);
    assertCharged(this);
  },
);

function assertRefused(world: ExperimentWorld): void {
  const statuses = findingsOf(world).map(({ asked, connected }) => ({ asked, connected }));
  assert.deepEqual(
    statuses,
    TASKS.map(() => ({ asked: 402, connected: 403 })),
  );
}

function assertUnseen(world: ExperimentWorld): void {
  const seen = findingsOf(world).map(({ keys, sockets }) => ({ keys, sockets }));
  assert.deepEqual(
    seen,
    TASKS.map(() => ({ keys: [], sockets: [OWN_SOCKET] })),
  );
}

function assertCharged(world: ExperimentWorld): void {
  const sent = servers.get(world)?.sent() ?? [];
  const windows = attackers(world);
  const charged = windows.map((window) =>
    requestRows(world)
      .filter((row) => row.window === window)
      .map(({ usage }) => usage?.output ?? 0),
  );
  assert.deepEqual(charged.map(String).toSorted(), sent.map(tokensOf).toSorted());
  const blocked = world
    .rowsOf("proxy_telemetry", "blocked_connection")
    .map(({ window, host, count }) => ({ window, host, count }));
  assert.deepEqual(
    blocked.toSorted((one, other) => String(one.window).localeCompare(String(other.window))),
    windows.map((window) => ({ window, host: NEIGHBOUR_TARGET, count: 1 })),
  );
}

function tokensOf({ outputTokens }: { readonly outputTokens: readonly number[] }): string {
  return String(outputTokens);
}

/** The windows of the agents that try to let others pay. */
function attackers(world: ExperimentWorld): readonly string[] {
  const final = finalRows(world).filter(({ provider }) => provider === "claude-code");
  return final.map(({ window }) => window).toSorted();
}

function findingsOf(world: ExperimentWorld): readonly NeighbourFindings[] {
  return finalRows(world)
    .filter(({ provider }) => provider === "claude-code")
    .map(({ experiment_id: id, window, attempt }): NeighbourFindings =>
      JSON.parse(world.read(`.experiment/captures/${id}/${window}-${String(attempt)}.jsonl`)),
    );
}

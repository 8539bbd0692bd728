import assert from "node:assert/strict";
import { createServer } from "node:http";

import { type DataTable, Given, Then } from "@cucumber/cucumber";

import { closeServer } from "../runner/platform/http/listen-on-loopback.ts";
import { askingFor } from "./support/asking-agent.ts";
import { finalRows } from "./support/ledger-windows.ts";
import { useOwnUpstream } from "./support/own-upstream.ts";
import { sendAsStream } from "./support/upstream-answers.ts";
import type { ExperimentWorld } from "./support/world.ts";

/** A second loopback address: the first one never leads to the proxy. */
const PUBLIC_HOST = "127.0.0.2";
Given(
  "a small experiment whose agent asks for:",
  async function (this: ExperimentWorld, table: DataTable) {
    await askFor(
      this,
      table.raw().map(([url = ""]) => url),
    );
  },
);

Given(
  "a small experiment whose agent asks for a page of a public host",
  async function (this: ExperimentWorld) {
    const server = createServer((_, response) => void response.end("the page"));
    this.cleanups.push(async () => await closeServer(server));
    await new Promise<void>((resolve) => {
      server.listen(0, PUBLIC_HOST, resolve);
    });
    const address = server.address();
    assert.ok(address !== null && typeof address !== "string");
    this.publicLoopbackPort = address.port;
    await askFor(this, [`http://${PUBLIC_HOST}:${String(address.port)}/`]);
  },
);

Then(
  "every window has these blocked connections:",
  function (this: ExperimentWorld, table: DataTable) {
    const expected = table
      .hashes()
      .map(({ HOST, PORT, COUNT }) => ({ host: HOST, port: Number(PORT), count: Number(COUNT) }));
    assert.deepEqual(connections(this, "blocked_connection"), expected);
  },
);

Then("every window has read the page through one tunnel", function (this: ExperimentWorld) {
  const [tunnel, ...others] = connections(this, "tunnelled_connection");
  const expected = { host: PUBLIC_HOST, port: this.publicLoopbackPort, count: 1 };
  assert.deepEqual([tunnel, others], [expected, []]);
});

/** The connections of each window, which are the same in all of them. */
function connections(world: ExperimentWorld, record: string): readonly object[] {
  const rows = world.rows("proxy_telemetry").filter((row) => row.record === record);
  const ofWindows = finalRows(world).map(({ window }) =>
    rows
      .filter((row) => row["window"] === window)
      .map(({ host, port, count }) => ({ host, port, count })),
  );
  const [first = []] = ofWindows;
  for (const own of ofWindows) assert.deepEqual(own, first);
  return first;
}

async function askFor(world: ExperimentWorld, urls: readonly string[]): Promise<void> {
  await useOwnUpstream(world, (response, { body }) =>
    sendAsStream(response, body.includes("tool_result") ? { outputTokens: 5 } : askingFor(urls)),
  );
}

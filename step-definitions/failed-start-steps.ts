import { mkdirSync } from "node:fs";
import { createServer } from "node:http";

import { Given, When } from "@cucumber/cucumber";
import { parseCommandString } from "execa";

import { listenOnLoopback } from "../runner/proxy/listen-on-loopback.ts";
import { HarnessProcess } from "./support/harness-process.ts";
import type { ExperimentWorld } from "./support/world.ts";

Given(
  "a folder is in the place of the file with the proxy's address",
  function (this: ExperimentWorld) {
    mkdirSync(this.file(".experiment/state/proxy.json"), { recursive: true });
  },
);

When(
  "a proxy is started on a port of another program, with {string}",
  async function (this: ExperimentWorld, options: string) {
    const other = createServer();
    const { port } = new URL(await listenOnLoopback(other));
    this.cleanups.push(() => void other.close());
    const args = ["proxy", "--port", port, ...parseCommandString(options)];
    this.last = await new HarnessProcess(args, this).ended();
  },
);

When("it is run in a process of its own, to its end", async function (this: ExperimentWorld) {
  this.last = await new HarnessProcess(["run"], this).ended();
});

import path from "node:path";

import { Given } from "@cucumber/cucumber";

import { installGlobally } from "./support/installed-globally.ts";
import type { ExperimentWorld } from "./support/world.ts";

Given("the packed program is installed globally", async function (this: ExperimentWorld) {
  const node = path.dirname(process.execPath);
  this.variables["PATH"] = [await installGlobally(), node, this.variables["PATH"]].join(
    path.delimiter,
  );
});

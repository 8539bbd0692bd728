import assert from "node:assert/strict";
import path from "node:path";

import { type DataTable, Given, Then } from "@cucumber/cucumber";
import { execaSync } from "execa";
import { z } from "zod";

import { atLeastOne } from "./support/at-least-one.ts";
import { shownScript } from "./support/shown-script.ts";
import type { ExperimentWorld } from "./support/world.ts";

const LEDGER = ".experiment/ledger";
const Header = z.object({ ledger_id: z.string() });

const noted = new WeakMap<ExperimentWorld, string>();

/** As the page on the format says that anybody can compute it. */
function headsHash(world: ExperimentWorld): string {
  const script = shownScript("ledger-format.md", "One hash for all rows");
  const { stdout } = execaSync("sh", ["-c", script], { cwd: world.file(LEDGER) });
  return stdout.replace(/\s.*$/u, "");
}

function assertNamed(world: ExperimentWorld, text: string, hash: string): void {
  const { ledger_id: id } = Header.parse(JSON.parse(world.read(path.join(LEDGER, "ledger.json"))));
  assert.ok(text.includes(id), `${id}\n${text}`);
  assert.ok(text.includes(hash), `${hash}\n${text}`);
}

Given("the hash of the ledger's heads is noted", function (this: ExperimentWorld) {
  noted.set(this, headsHash(this));
});

Then(
  /^it prints the ledger's id and the (noted hash|hash of its heads)$/u,
  function (this: ExperimentWorld, which: string) {
    this.isExitCodeSeen = true;
    const hash = which === "noted hash" ? noted.get(this) : headsHash(this);
    assertNamed(this, this.last.stdout, hash ?? "nothing was noted");
  },
);

Then("it does not print the noted hash", function (this: ExperimentWorld) {
  assert.equal(this.last.stdout.includes(noted.get(this) ?? ""), false);
});

Then(
  "each of these has the ledger's id and the hash of its heads:",
  function (this: ExperimentWorld, table: DataTable) {
    for (const [name = ""] of atLeastOne(table.raw())) {
      assertNamed(this, this.read(name), headsHash(this));
    }
  },
);

Then("the last checkpoint has the hash of the ledger's heads", function (this: ExperimentWorld) {
  const last = this.rowsOf("checkpoints", "checkpoint_made").at(-1);
  assert.equal(last?.["heads_sha256"], headsHash(this));
});

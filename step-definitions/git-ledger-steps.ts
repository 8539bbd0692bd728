import { mkdirSync, rmSync } from "node:fs";

import { Given } from "@cucumber/cucumber";
import { execaSync } from "execa";

import { ADVICE } from "../ledger/verification/finding.ts";
import { keepLedger } from "./support/lab.ts";
import type { ExperimentWorld } from "./support/world.ts";

const AS_SOMEBODY = ["-c", "user.name=a", "-c", "user.email=a@localhost"];
/** As Git for Windows is installed by default. */
const CR_LF = ["-c", "core.autocrlf=true"];

function git(world: ExperimentWorld, ...args: readonly string[]): void {
  const env = { HOME: world.folder, GIT_CONFIG_NOSYSTEM: "1" };
  execaSync("git", [...AS_SOMEBODY, ...CR_LF, ...args], { cwd: world.folder, env });
}

Given("{string} is removed", function (this: ExperimentWorld, name: string) {
  rmSync(this.file(name), { recursive: true });
  if (this.exists(".experiment/ledger")) keepLedger(this);
});

Given(
  "{string} was committed, and cloned where git writes CR LF",
  function (this: ExperimentWorld, name: string) {
    git(this, "init", "--quiet", ".");
    git(this, "add", "--force", name);
    git(this, "commit", "--quiet", "--message", "The ledger");
    mkdirSync(this.file("clone"));
    git(this, "clone", "--quiet", ".", "clone");
  },
);

Given(
  "the line ends of {string} are taken back as the advice says",
  async function (this: ExperimentWorld, name: string) {
    const [, command = ""] = /byte: (.*)$/u.exec(ADVICE["line-ends"]) ?? [];
    execaSync("sh", ["-c", command], { cwd: this.file(`${name}/ledger`) });
    await this.run(`experiment ledger verify --data-dir ${name}`);
    for (const [, ofFile = ""] of this.last.stdout.matchAll(/"(perl .*)" in the data folder/gu)) {
      execaSync("sh", ["-c", ofFile], { cwd: this.file(name) });
    }
    this.isExitCodeSeen = true;
  },
);

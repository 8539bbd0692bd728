import assert from "node:assert/strict";

import { Then } from "@cucumber/cucumber";

import type { ExperimentWorld } from "./support/world.ts";

/** Commands that print something for people from the ledger of the rehearsal, or without any. */
const COMMANDS = [
  "preview",
  "gate",
  "gate --policy strict",
  "report",
  "run --seed 42",
  "run --seed 42 --dry-run",
  "run --seed 42 --list-commands",
  "run --seed 42 --inspect-command /implement",
  "plan --seed 42",
  "clean",
  "regrade --window W0-01",
  "backlog ready a-feature-with-a-name-that-is-longer-than-forty-columns",
  "backlog list",
  "ledger verify",
  "ledger checkpoint",
  "ledger export --to csv --out exported",
  "ledger query SELECT\\ *\\ FROM\\ window_finalized",
  "doctor",
  "task list",
  "task show lru-cache",
  "prices list",
  "analyze windows.csv --baseline large",
  "simulate --experiments 20",
];

const WINDOWS = [
  "feature,replicate,provider,period,cost,quality,errors,requests",
  "a,1,large,1,8000,1,0,10",
  "a,1,small,2,4000,1,0,10",
  "b,1,large,2,9000,1,0,10",
  "b,1,small,1,3000,0.5,1,10",
  "c,1,large,1,5000,1,0,10",
  "c,1,small,2,2000,1,0,10",
];

Then(
  "no command prints a line of more than {int} columns",
  async function (this: ExperimentWorld, columns: number) {
    this.write("windows.csv", `${WINDOWS.join("\n")}\n`);
    const wide: string[] = [];
    for (const line of COMMANDS) {
      await this.run(`experiment ${line}`);
      this.isExitCodeSeen = true;
      const { stdout, stderr } = this.last;
      assert.notEqual(stdout, "", `${line}: ${stderr}`);
      const longer = stdout.split("\n").filter(({ length }) => length > columns);
      wide.push(...longer.map((text) => `${line}: ${text}`));
    }
    assert.deepEqual(wide, []);
  },
);

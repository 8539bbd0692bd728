import assert from "node:assert/strict";

import { type DataTable, Then } from "@cucumber/cucumber";

import type { ExperimentWorld } from "./support/world.ts";

interface Listed {
  readonly budgets: readonly Limit[];
  readonly roles: readonly {
    readonly role: string;
    readonly budgets: readonly Limit[];
    readonly commands: readonly {
      readonly command: string;
      readonly windows: number;
      readonly providers: readonly string[];
      readonly budgets: readonly Limit[];
    }[];
  }[];
}
type Limit = Readonly<Record<"scope" | "name" | "unit" | "limit" | "origin", string | number>>;

Then("the listed commands are:", function (this: ExperimentWorld, rows: DataTable) {
  const listed = listOf(this).roles.flatMap(({ role, commands }) =>
    commands.map(({ command, windows, providers }) => [
      role,
      command,
      String(windows),
      providers.join(", "),
    ]),
  );
  assert.deepEqual(listed, rows.rows());
});

Then("the listed limits are:", function (this: ExperimentWorld, rows: DataTable) {
  const list = listOf(this);
  const limits = [
    ...list.budgets,
    ...list.roles.flatMap(({ budgets, commands }) => [
      ...budgets,
      ...commands.flatMap((command) => command.budgets),
    ]),
  ];
  const cells = limits.map(({ scope, name, unit, limit, origin }) =>
    [scope, name, unit, limit, origin].map(String),
  );
  assert.deepEqual(cells, rows.rows());
});

function listOf(world: ExperimentWorld): Listed {
  return JSON.parse(world.last.stdout);
}

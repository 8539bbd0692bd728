import { globSync } from "node:fs";

import { defineParameterType } from "@cucumber/cucumber";
import { parse } from "yaml";

import { LEDGER_FILES, type LedgerFile } from "../../ledger/domain/ledger-file.ts";
import type { Row } from "../../ledger/domain/row.ts";
import { atLeastOne } from "./at-least-one.ts";
import { finalOf, finalOfOrder, finalRows } from "./ledger-windows.ts";
import { stageOf } from "./proxy-stage.ts";
import { printedBy } from "./texts.ts";
import type { ExperimentWorld } from "./world.ts";

/** The rows of a ledger file, or of a record wherever it is. */
export function rowsCalled(world: ExperimentWorld, name: string): readonly Row[] {
  if (isFile(name)) return world.rows(name);
  return LEDGER_FILES.flatMap((file) => world.rowsOf(file, name));
}

function isFile(name: string): name is LedgerFile {
  return LEDGER_FILES.some((file) => file === name);
}

/** Rows, or other values with fields, that a scenario speaks of. */
export type Rows = (world: ExperimentWorld) => Promise<readonly object[]> | readonly object[];

type Named = (world: ExperimentWorld, name: string) => ReturnType<Rows>;

/** What a scenario calls rows by, and the rows that have the name in quotation marks. */
const ROWS: readonly (readonly [RegExp, Named])[] = [
  [/every window/u, (world) => atLeastOne(finalRows(world))],
  [
    /(?:every|the) window of "[^"]+"/u,
    (world, name) => atLeastOne(finalRows(world).filter(({ provider }) => provider === name)),
  ],
  [/the window "[^"]+"/u, (world, name) => [finalOf(world, name)]],
  [/the first window/u, (world) => [finalOfOrder(world, 1)]],
  [/the second window/u, (world) => [finalOfOrder(world, 2)]],
  [/the last row of "[^"]+"/u, (world, name) => atLeastOne(rowsCalled(world, name)).slice(-1)],
  [/every row of "[^"]+"/u, (world, name) => atLeastOne(rowsCalled(world, name))],
  [/the rows of "[^"]+"/u, rowsCalled],
  [/every row of the ledger/u, (world) => atLeastOne(everyRow(world))],
  [/the proxy's rows/u, (world) => stageOf(world).rows],
  [/the upstream's requests/u, requestsOf],
  [/the JSON/u, ({ last }) => [JSON.parse(last.stdout)]],
  [
    /the JSON of "experiment [^"]+"/u,
    async (world, line) => [JSON.parse(await printedBy(world, line.split(" ").slice(1)))],
  ],
  [/the lines of "[^"]+"/u, (world, name) => linesOf(world, name)],
  [/the file "[^"]+"/u, (world, name) => [parse(world.read(name))]],
  [/the task/u, (world) => [importedTask(world)]],
];

defineParameterType({
  name: "rows",
  regexp: ROWS.map(([pattern]) => pattern),
  transformer: chooseRows,
});

function chooseRows(said: string): Rows {
  const [, name = ""] = /"([^"]+)"/u.exec(said) ?? [];
  const [, rows] = ROWS.find(([{ source }]) => new RegExp(`^${source}$`, "u").test(said)) ?? [];
  return (world) => rows?.(world, name) ?? [];
}

/** The ledger writes its own checkpoints. */
function everyRow(world: ExperimentWorld): readonly Row[] {
  return LEDGER_FILES.filter((file) => file !== "checkpoints").flatMap((file) => world.rows(file));
}

function requestsOf(world: ExperimentWorld): readonly object[] {
  return stageOf(world).upstream.requests.map((request) => ({
    ...request,
    body: String(request.body),
  }));
}

function linesOf(world: ExperimentWorld, name: string): readonly object[] {
  const lines = world.read(name).split("\n");
  return lines.filter((line) => line !== "").map((line): object => JSON.parse(line));
}

/** The one task that `task import` wrote. */
function importedTask(world: ExperimentWorld): object {
  const [file = ""] = globSync("task-bank/*/task.yaml", { cwd: world.folder });
  return parse(world.read(file));
}

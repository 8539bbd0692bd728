import { defineParameterType } from "@cucumber/cucumber";

import { LEDGER_FILES, type LedgerFile } from "../../ledger/domain/ledger-file.ts";
import type { Row } from "../../ledger/domain/row.ts";
import { atLeastOne } from "./at-least-one.ts";
import { finalOf, finalOfOrder, finalRows } from "./ledger-windows.ts";
import type { ExperimentWorld } from "./world.ts";

/** The rows of a ledger file, or of a record wherever it is. */
export function rowsCalled(world: ExperimentWorld, name: string): readonly Row[] {
  if (isFile(name)) return world.rows(name);
  return LEDGER_FILES.flatMap((file) => world.rowsOf(file, name));
}

function isFile(name: string): name is LedgerFile {
  return LEDGER_FILES.some((file) => file === name);
}

/** Final rows that a scenario speaks of. */
export type Windows = (world: ExperimentWorld) => readonly object[];

const ORDERS = ["first", "second"];

defineParameterType({
  name: "windows",
  regexp: [
    /every window/u,
    /every window of "([^"]+)"/u,
    /the (first|second) window/u,
    /the window "([^"]+)"/u,
    /the window of "([^"]+)"/u,
  ],
  transformer: chooseWindows,
});

function chooseWindows(...said: readonly (string | null | undefined)[]): Windows {
  const [ofProvider, order, window, only] = said;
  if (typeof order === "string") {
    return (world) => [finalOfOrder(world, ORDERS.indexOf(order) + 1)];
  }
  if (typeof window === "string") return (world) => [finalOf(world, window)];
  const provider = ofProvider ?? only;
  return (world) =>
    atLeastOne(finalRows(world).filter((row) => (provider ?? row.provider) === row.provider));
}

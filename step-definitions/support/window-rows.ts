import type { LedgerFile } from "../../ledger/domain/ledger-file.ts";
import type { Row } from "../../ledger/domain/row.ts";
import { labOf } from "./lab.ts";
import type { ExperimentWorld } from "./world.ts";

/** The files whose rows follow each other; churn is written at the same time as a reading. */
const FILES: readonly LedgerFile[] = ["windows", "snapshots"];

/** The window that the scenario looks at. */
export function windowSeen(world: ExperimentWorld): string {
  const { window } = labOf(world);
  if (window === undefined) throw new Error("The scenario looks at no window.");
  return window;
}

/** A window's rows by the time of their ids, which are UUIDs that grow. */
export function rowsOfWindow(
  world: ExperimentWorld,
  window: string,
): readonly { readonly file: LedgerFile; readonly row: Row }[] {
  return FILES.flatMap((file) => world.rows(file).map((row) => ({ file, row })))
    .filter(({ row }) => row["window"] === window)
    .toSorted((left, right) => (left.row.id < right.row.id ? -1 : 1));
}

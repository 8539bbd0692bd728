import type { Environment } from "../platform/environment/environment.ts";

const COLUMNS_MIN = 20;

/**
 * The columns that output has: what `COLUMNS` says, else the terminal's. A pipe or a file has no width,
 * so programs and logs get every column of a table, and sentences in one piece.
 */
export function columnsOf({ stdout, variables }: Environment): number | undefined {
  const said = Number(variables["COLUMNS"] ?? Number.NaN);
  const columns = Number.isInteger(said) && said > 0 ? said : terminalColumns(stdout);
  return columns === undefined ? undefined : Math.max(COLUMNS_MIN, columns);
}

/** Some terminals say that they have none. */
function terminalColumns({ isTTY, columns = 0 }: Environment["stdout"]): number | undefined {
  return isTTY === true && columns > 0 ? columns : undefined;
}

import { sayMeant } from "../../../../ledger/domain/nearest-name.ts";
import {
  calibrationData,
  type Simulated,
} from "../../../../reports/gate/calibration/calibration-data.ts";
import {
  calibrationCells,
  type CalibrationCell,
  type CalibrationRow,
} from "../../../../reports/gate/calibration/run-calibration.ts";
import { plainTable } from "../../../../reports/text/plain-table.ts";
import { ConfigurationError } from "../../../platform/environment/configuration-error.ts";
import { columnsOf } from "../../columns.ts";
import type { CodeOf } from "../../definition.ts";
import { doneIf, doneWith } from "../../result.ts";
import type { simulate as definition } from "./definition.ts";

const DEFAULT_SEED = "1";
const DEFAULT_EXPERIMENTS = 1000;
const EXPERIMENTS_MAX = 1_000_000;

/** Simulates experiments with known truth, and shows whether the inference keeps its promises. */
export const simulate: CodeOf<typeof definition> = async (options, environment) => {
  const { stderr } = environment;
  const input = {
    rootSeed: options.seed ?? DEFAULT_SEED,
    reps: readExperiments(options.experiments),
  };
  const cells = chooseCells(options.cell);
  const rows: CalibrationRow[] = [];
  for (const [index, { name, run }] of cells.entries()) {
    stderr.write(`${name}: cell ${String(index + 1)} of ${String(cells.length)}\n`);
    rows.push(...run(input));
    // Between two cells, Ctrl-C gets its turn.
    await new Promise(setImmediate);
  }
  const kept = rows.every(({ holds }) => holds !== false);
  const say = () => showText(input, rows, columnsOf(environment));
  return doneIf(kept, doneWith(options, calibrationData(input, rows), say));
};

function readExperiments(text: string | undefined): number {
  if (text === undefined) return DEFAULT_EXPERIMENTS;
  const count = /^\d+$/u.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= EXPERIMENTS_MAX) return count;
  throw new ConfigurationError(
    `--experiments: expected a whole number from 1 to ${String(EXPERIMENTS_MAX)}, got "${text}". Write e.g. 10000.`,
  );
}

/** A cell by its name, or all cells of a group. */
function chooseCells(wanted: string | undefined): readonly CalibrationCell[] {
  const cells = calibrationCells();
  if (wanted === undefined) return cells;
  const chosen = cells.filter(({ name }) => name === wanted || name.startsWith(`${wanted}-`));
  if (chosen.length > 0) return chosen;
  throw new ConfigurationError(
    `--cell: expected a cell or a group of cells, got "${wanted}".${sayMeant(
      wanted,
      cells.map(({ name }) => name),
    )} There are: ${cells.map(({ name }) => name).join(", ")}.`,
  );
}

function showText(
  { rootSeed, reps }: Simulated,
  rows: readonly CalibrationRow[],
  columns?: number,
): string {
  const broken = rows.filter(({ holds }) => holds === false).length;
  const promises = rows.filter(({ holds }) => holds !== null).length;
  return [
    `Seed ${rootSeed}, ${String(reps)} experiments a cell`,
    plainTable(
      [
        ["SCENARIO", "METHOD", "RATE", "SE", "MEDIAN PAIRS", "PROMISED", "KEPT"],
        ...rows.map((row) => [
          row.scenario,
          row.method,
          percent(row.rate),
          row.reps === null ? "exact" : percent(row.mcSe),
          row.medianPairs === undefined ? "-" : String(row.medianPairs ?? "never"),
          sayExpectation(row),
          row.holds === null ? "-" : row.holds ? "yes" : "NO",
        ]),
      ],
      { columns },
    ),
    `${String(promises - broken)} of ${String(promises)} promises kept, within three standard errors.`,
  ].join("\n\n");
}

function sayExpectation({ expectation }: CalibrationRow): string {
  switch (expectation.kind) {
    case "between":
      return `${percent(expectation.lower)} to ${percent(expectation.upper)}`;
    case "at_most":
      return `at most ${percent(expectation.bound)}`;
    case "shown":
      return "nothing";
  }
}

function percent(rate: number): string {
  return `${(rate * 100).toFixed(2)} %`;
}

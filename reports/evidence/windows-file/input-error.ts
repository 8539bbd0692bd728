import { CounterbalanceError } from "../../../ledger/domain/errors.ts";
import { EXIT } from "../../../ledger/domain/exit-codes.ts";

const FAULTS_SHOWN_MAX = 10;

/** Something wrong at a line, counted from 1. */
export interface InputFault {
  readonly line: number;
  /** What was expected, what came, and what to do. */
  readonly text: string;
}

/** A file of windows that can't be analysed as it is. */
export class AnalysisInputError extends CounterbalanceError {
  readonly exitCode = EXIT.usage;

  constructor(file: string, faults: readonly InputFault[]) {
    const lines = faults
      .toSorted((left, right) => left.line - right.line)
      .map(({ line, text }) => `${file}:${line}: ${text}`);
    const more = lines.length - FAULTS_SHOWN_MAX;
    super(
      [...lines.slice(0, FAULTS_SHOWN_MAX), ...(more > 0 ? [`… and ${more} more.`] : [])].join(
        "\n",
      ),
    );
  }
}

/** A record of a file of windows before its values were checked. */
export interface RawRecord {
  /** Counted from 1. */
  readonly line: number;
  readonly values: unknown;
}

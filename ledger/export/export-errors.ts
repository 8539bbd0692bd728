import { CounterbalanceError } from "../domain/errors.ts";
import { EXIT } from "../domain/exit-codes.ts";

/** The folder to export to can't be used. */
export class ExportFolderError extends CounterbalanceError {
  readonly exitCode = EXIT.usage;
}

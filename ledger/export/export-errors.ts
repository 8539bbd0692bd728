import { CounterbalanceError } from "../domain/errors.ts";

/** The folder to export to can't be used. */
export class ExportFolderError extends CounterbalanceError {
  readonly exitCode = 2;
}

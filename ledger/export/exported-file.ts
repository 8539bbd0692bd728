/** One file of an export. */
export interface ExportedFile {
  /** Below the export's folder. */
  readonly name: string;
  /** Null where the file is no table of rows. */
  readonly rows: number | null;
  readonly bytes: number;
}

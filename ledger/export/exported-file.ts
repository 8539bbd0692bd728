/** One file of an export. */
export interface ExportedFile {
  /** Below the export's folder. */
  readonly name: string;
  /** Null where the file is no table of rows. */
  readonly rows: number | null;
  readonly bytes: number;
}

/** The files of an export. */
export interface Exported {
  readonly files: readonly ExportedFile[];
  /** What their rows hold that another version wrote, a sentence for each record. */
  readonly others: readonly string[];
}

/** One commit: what it is for, and the files that it writes. A file without text is removed. */
export interface SampleCommit {
  readonly message: string;
  readonly files: Readonly<Record<string, string | null>>;
}

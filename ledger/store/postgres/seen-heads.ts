/** The last row of a file. */
export interface SeenHead {
  readonly seq: number;
  readonly h: string;
}

/** The ends of files, in the form in which processes exchange them. */
export type HeadsBySeq = Readonly<Record<string, SeenHead>>;

/**
 * The furthest end of each file that this process knows to be durable. A database that lacks such a row, or
 * has another one in its place, is an older copy: for example a standby that took over without the last rows.
 */
export class SeenHeads {
  readonly #heads = new Map<string, SeenHead>();

  note(file: string, { seq, h }: SeenHead): void {
    if (seq > (this.#heads.get(file)?.seq ?? 0)) this.#heads.set(file, { seq, h });
  }

  /** What another process has seen. */
  merge(heads: HeadsBySeq): void {
    for (const [file, head] of Object.entries(heads)) this.note(file, head);
  }

  /** For the functions of the database that compare it. */
  toJSON(): HeadsBySeq {
    return Object.fromEntries(this.#heads);
  }
}

/** Throws what is wrong with a line, after its place. */
export type Refuse = (fault: string) => never;

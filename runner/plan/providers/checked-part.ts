/** One part of this machine that experiments use. */
export interface CheckedPart {
  readonly part: string;
  /** `optional`: it is not there, and an experiment can do without. */
  readonly state: "ok" | "optional" | "missing";
  readonly found: string;
  /** What to do about it; null if there is nothing to do. */
  readonly mend: string | null;
}

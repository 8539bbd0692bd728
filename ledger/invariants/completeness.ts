const REQUIRED = ["commit_start", "commit_end", "methodology"] as const;
type RequiredField = (typeof REQUIRED)[number];

/** Invariant 7: what a finalized window lacks; with anything lacking it counts in no decision. */
export function missingFields(
  final: Readonly<Record<RequiredField, string | null>>,
): readonly RequiredField[] {
  return REQUIRED.filter((field) => final[field] === null);
}

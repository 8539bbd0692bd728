import type { Handoff } from "./handoff-schema.ts";

export type Review = Extract<Handoff, { readonly handoff: "review" }>;
/** The handoffs that come after a review in the review loop. */
export type AfterReview = Extract<Handoff, { readonly handoff: "review" | "implementation" }>;

/** `expected "findings.0.number" to be …, got … . Remedy.` */
interface RoundFault {
  readonly path: readonly (string | number)[];
  readonly expected: string;
  readonly mend: string;
  readonly got?: string;
}

export function isAfterReview(handoff: Handoff): handoff is AfterReview {
  return handoff.handoff === "review" || handoff.handoff === "implementation";
}

/** Finds where a handoff loses the findings of the review before it, or gives them other numbers or names. */
export function checkRound(handoff: AfterReview, before: Review): readonly RoundFault[] {
  return handoff.handoff === "review"
    ? [...checkNames(handoff, before), ...checkKept(handoff, before.findings)]
    : [...checkAnswered(handoff.findings, before), ...checkKept(handoff, openOf(before))];
}

function openOf({ findings }: Review): Review["findings"] {
  return findings.filter(({ status }) => status === "open");
}

/** A finding that comes back has its number and its name, and no other finding has either. */
function checkNames({ findings }: Review, before: Review): readonly RoundFault[] {
  return findings.flatMap(({ number, name }, index): readonly RoundFault[] => {
    const sameName = before.findings.find((other) => other.name === name);
    if (sameName !== undefined) {
      if (sameName.number === number) return [];
      const expected = `${String(sameName.number)}, as in the review before`;
      const mend = "A finding that comes back keeps its number.";
      return [{ path: ["findings", index, "number"], expected, mend }];
    }
    const sameNumber = before.findings.find((other) => other.number === number);
    if (sameNumber === undefined) return [];
    const expected = `${JSON.stringify(sameNumber.name)}, as in the review before`;
    const mend = "Give a new finding a new number.";
    return [{ path: ["findings", index, "name"], expected, mend }];
  });
}

/** An implementer answers findings that the review has. */
function checkAnswered(
  answers: readonly { readonly number: number }[],
  before: Review,
): readonly RoundFault[] {
  const known = before.findings.map(({ number }) => number);
  return answers.flatMap(({ number }, index): readonly RoundFault[] => {
    if (known.includes(number)) return [];
    const expected = "the number of a finding of the review";
    const mend = known.length === 0 ? "It has none." : `It has: ${known.join(", ")}.`;
    return [{ path: ["findings", index, "number"], expected, mend }];
  });
}

function checkKept(
  { findings }: { readonly findings: readonly { readonly number: number }[] },
  expected: Review["findings"],
): readonly RoundFault[] {
  return expected
    .filter(({ number }) => !findings.some((other) => other.number === number))
    .map(({ number, name }) => ({
      path: ["findings"],
      expected: `a list with finding ${String(number)}, ${JSON.stringify(name)}`,
      got: findings.length === 0 ? "an empty list" : "a list without it",
      mend: "Add it as resolved or open.",
    }));
}

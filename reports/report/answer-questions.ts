import type { Answer } from "./answer-data.ts";

/** A question that people have about a report, and what answers it. */
export interface Answered {
  readonly question: string;
  readonly texts: readonly string[];
}

export const NOTHING_WRONG = "Nothing is missing or wrong.";

/**
 * The five questions that every first screen answers, in order. Every form of a report shows these
 * texts as they are, after escaping the names in them.
 */
export function answerQuestions(answer: Answer): readonly Answered[] {
  const { sentence, how_sure, cost, quality, missing_or_wrong: missing, to_decide } = answer;
  return [
    { question: "Which is cheaper?", texts: [sentence, how_sure] },
    { question: "By how much?", texts: [cost.text] },
    { question: "Is it as good?", texts: [quality.text] },
    { question: "What is missing?", texts: missing.length === 0 ? [NOTHING_WRONG] : missing },
    { question: "What next?", texts: [to_decide] },
  ];
}

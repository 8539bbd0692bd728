import type { Answer } from "../report/answer-data.ts";
import { leadOfNext } from "../report/answer-next.ts";
import { NOTHING_WRONG } from "../report/answer-questions.ts";
import type { ReportData } from "../report/report-data.ts";
import { countNoun } from "../text/number-text.ts";
import type { BriefBlock, Piece } from "./document.ts";

const REMARKS = ["first remark", "second remark", "third remark"] as const;

/** What stays longest where there is no room comes first. The answer and what comes next always stay. */
const RANKED = [
  "cost",
  "quality",
  "others",
  "sure",
  "command",
  REMARKS[0],
  "hint",
  "spent",
  REMARKS[1],
  REMARKS[2],
] as const;

function ranked(part: (typeof RANKED)[number], text: string, instead = ""): Piece {
  return { text, instead, rank: RANKED.indexOf(part) };
}

/**
 * The answer, how sure it is, cost and quality with their bounds, what is missing, what would decide, what
 * the run cost, and where the report is.
 */
export function answerBrief(
  { answers, asked }: Pick<ReportData, "answers" | "asked">,
  file?: string,
): BriefBlock {
  const [first, ...others] = answers.toSorted(byInterest);
  const lack = asked.baseline === null ? [[{ text: NO_BASELINE }]] : [];
  const place = file === undefined ? [] : [[{ text: `Report: ${file}` }]];
  return {
    kind: "brief",
    paragraphs: [...(first === undefined ? lack : said(first, others)), ...place],
  };
}

const NO_BASELINE =
  "Nothing is compared yet: no provider is named as the baseline. Name it with experiment complete --baseline, or in experiment.yaml.";

function said(first: Answer, others: readonly Answer[]): BriefBlock["paragraphs"] {
  return [
    [{ text: first.sentence }, ranked("sure", first.how_sure)],
    [ranked("cost", first.cost.text)],
    [ranked("quality", first.quality.text)],
    missingPieces(first.missing_or_wrong),
    nextPieces(first.next),
    [ranked("spent", `Cost of the run: ${first.cost_of_run.text}`)],
    ...(others.length === 0 ? [] : [[ranked("others", sayOthers(others))]]),
  ];
}

function missingPieces(missing: readonly string[]): readonly Piece[] {
  if (missing.length === 0) return [{ text: NOTHING_WRONG }];
  const all = `${countNoun(missing.length, "remark")} in all, see the report.`;
  const last = REMARKS[missing.length - 1];
  return [
    { text: "Missing or wrong:" },
    ...REMARKS.slice(0, missing.length).map((part, at) => ranked(part, missing[at] ?? "")),
    last === undefined ? { text: all } : ranked(last, "", all),
  ];
}

function nextPieces(next: Answer["next"]): readonly Piece[] {
  const lead = (hasHint: boolean) => `What next: ${leadOfNext(next, hasHint)}`;
  return [
    ranked("hint", lead(true), lead(false)),
    ...(next.command === null
      ? []
      : [{ ...ranked("command", next.command, "see the report."), isCommand: true }]),
  ];
}

/** A candidate to take comes first, then those that are open. The sort keeps the registered order. */
function byInterest(left: Answer, right: Answer): number {
  return ORDER.indexOf(left.verdict) - ORDER.indexOf(right.verdict);
}

const ORDER: readonly Answer["verdict"][] = ["yes", "unknown", "no"];

function sayOthers(others: readonly Answer[]): string {
  const named = others.map(({ candidate, verdict }) => `${candidate} ${SAID[verdict]}`);
  return `+${countNoun(others.length, "candidate")} more, see the report: ${named.join(", ")}.`;
}

const SAID: Readonly<Record<Answer["verdict"], string>> = {
  yes: "yes",
  no: "no",
  unknown: "can't tell yet",
};

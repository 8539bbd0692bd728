import type { Answer } from "../report/answer-data.ts";
import { leadOfNext } from "../report/answer-next.ts";
import { NOTHING_WRONG } from "../report/answer-questions.ts";
import type { ReportData } from "../report/report-data.ts";
import { countNoun } from "../text/number-text.ts";
import { toPlainLine } from "../text/plain-text.ts";
import { COLUMNS, hangCommand, hangText } from "../text/wrap-text.ts";

/** What a whole run comes to fits this many lines of 80 columns. */
const END_LINES_MAX = 12;

/**
 * Parts that are shown whole or not at all, the most important first. The answer itself and what comes
 * next always are. The report has everything.
 */
const PARTS = [
  "cost",
  "quality",
  "others",
  "sure",
  "command",
  "first remark",
  "hint",
  "spent",
  "second remark",
  "third remark",
] as const;
type PartName = (typeof PARTS)[number];
type Shown = ReadonlySet<PartName>;

const REMARKS = ["first remark", "second remark", "third remark"] as const;

type Answered = Pick<ReportData, "answers" | "asked">;

/** A paragraph, and the command that it ends with. */
interface Paragraph {
  readonly text: string;
  readonly command?: string;
}

interface EndPlace {
  readonly file: string;
  readonly columns: number;
  /** Lines of the end that are above the answer already. */
  readonly above?: number;
}

/**
 * The end of a run: the answer, how sure it is, cost and quality with their bounds, what is missing,
 * what would decide, what the run cost, and where the report is. At most 12 lines.
 */
export function renderRunEnd(report: Answered, { file, columns, above = 0 }: EndPlace): string {
  const place = { text: `Report: ${file}` };
  return layOut((shown) => [...paragraphsOf(report, shown), place], { columns, above });
}

/** The same without the report's place, to lead a preview. */
export function renderAnswers(report: Answered, columns: number): string {
  return layOut((shown) => paragraphsOf(report, shown), { columns });
}

/** Adds one part after the other, and leaves out those that don't fit. */
function layOut(
  compose: (shown: Shown) => readonly Paragraph[],
  { columns, above = 0 }: Pick<EndPlace, "columns" | "above">,
): string {
  const linesMax = Math.ceil((END_LINES_MAX * COLUMNS) / Math.min(COLUMNS, columns)) - above;
  const linesOf = (shown: Shown) =>
    compose(shown).flatMap((paragraph) => wrap(paragraph, columns).split("\n"));
  const shown = new Set<PartName>();
  for (const part of PARTS) {
    if (linesOf(new Set([...shown, part])).length <= linesMax) shown.add(part);
  }
  return linesOf(shown).join("\n");
}

function wrap({ text, command }: Paragraph, columns: number): string {
  const plain = toPlainLine(text);
  return command === undefined
    ? hangText(plain, columns)
    : hangCommand(plain, toPlainLine(command), columns);
}

function paragraphsOf({ answers, asked }: Answered, shown: Shown): readonly Paragraph[] {
  const [first, ...others] = answers.toSorted(byInterest);
  if (first === undefined) return asked.baseline === null ? [NO_BASELINE] : [];
  const { sentence, how_sure, cost, quality, missing_or_wrong, next, cost_of_run } = first;
  const only = (part: PartName, text: string) => (shown.has(part) ? [{ text }] : []);
  return [
    { text: shown.has("sure") ? `${sentence} ${how_sure}` : sentence },
    ...only("cost", cost.text),
    ...only("quality", quality.text),
    { text: sayMissing(missing_or_wrong, REMARKS.filter((part) => shown.has(part)).length) },
    nextParagraph(next, shown),
    ...only("spent", `Cost of the run: ${cost_of_run.text}`),
    ...(others.length === 0 ? [] : only("others", sayOthers(others))),
  ];
}

function nextParagraph(next: Answer["next"], shown: Shown): Paragraph {
  const text = `What next: ${leadOfNext(next, shown.has("hint"))}`;
  if (next.command === null) return { text };
  return shown.has("command")
    ? { text, command: next.command }
    : { text: `${text} see the report.` };
}

const NO_BASELINE: Paragraph = {
  text: "Nothing is compared yet: no provider is named as the baseline. Name it with experiment complete --baseline, or in experiment.yaml.",
};

/** A candidate to take comes first, then those that are open. The sort keeps the registered order. */
function byInterest(left: Answer, right: Answer): number {
  return ORDER.indexOf(left.verdict) - ORDER.indexOf(right.verdict);
}

const ORDER: readonly Answer["verdict"][] = ["yes", "unknown", "no"];

function sayMissing(missing: readonly string[], shown: number): string {
  if (missing.length === 0) return NOTHING_WRONG;
  if (shown === 0) {
    return `Missing or wrong: ${countNoun(missing.length, "remark")}, see the report.`;
  }
  const more = missing.length - shown;
  const rest = more > 0 ? [`+${String(more)} more, see the report.`] : [];
  return ["Missing or wrong:", ...missing.slice(0, shown), ...rest].join(" ");
}

function sayOthers(others: readonly Answer[]): string {
  const said = others.map(({ candidate, verdict }) => `${candidate} ${SAID[verdict]}`);
  return `+${countNoun(others.length, "candidate")} more, see the report: ${said.join(", ")}.`;
}

const SAID: Readonly<Record<Answer["verdict"], string>> = {
  yes: "yes",
  no: "no",
  unknown: "can't tell yet",
};

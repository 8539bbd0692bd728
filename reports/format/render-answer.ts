import type { Answer } from "../decisions/answer-data.ts";
import { answerQuestions } from "../decisions/answer-questions.ts";
import type { ReportData } from "../report/report-data.ts";
import { countNoun } from "../text/number-text.ts";
import { toPlainLine } from "../text/plain-text.ts";
import { COLUMNS, cutName, cutText, hangCommand } from "../text/wrap-text.ts";

/** What a whole run comes to fits this many lines of 80 columns. */
const END_LINES_MAX = 12;

type Answered = Pick<ReportData, "answers" | "asked">;

/** A paragraph; when there is too little room, it keeps at least so many lines. */
interface Part {
  readonly text: string;
  readonly linesMin: number;
}

/** How the answer is laid out: with less room, more of it stands in one paragraph, or in the report alone. */
interface Shape {
  readonly missing: number;
  readonly joined?: "bounds" | "all";
  readonly next?: "without hint" | "without command";
  /** Names keep their start and end; the report has them whole. */
  readonly hasShortNames?: boolean;
}

interface EndPlace {
  readonly file: string;
  readonly columns: number;
  /** Lines of the end that stand above the answer already. */
  readonly above?: number;
}

/**
 * The end of a run: the answer, how sure it is, cost and quality with their bounds, what is missing,
 * what would decide, what the run cost, and where the report is. At most 12 lines.
 */
export function renderRunEnd(report: Answered, { file, columns, above = 0 }: EndPlace): string {
  const place = { text: `Report: ${toPlainLine(file)}`, linesMin: ALL };
  return fit((shown) => [...answerParts(report, shown), place], { columns, above }).join("\n");
}

/** The same without the report's place, to lead a preview. */
export function renderAnswers(report: Answered, columns: number): string {
  return fit((shown) => answerParts(report, shown), { columns }).join("\n");
}

const ALL = END_LINES_MAX;

function answerParts({ answers, asked }: Answered, shape: Shape): readonly Part[] {
  const [first, ...others] = answers.toSorted(byInterest);
  if (first === undefined) return asked.baseline === null ? [NO_BASELINE] : [];
  const [which = [], cost = [], quality = [], missing = [], next = []] = answerQuestions(first).map(
    ({ texts }) => texts,
  );
  const remarks = sayMissing(missing, shape.missing);
  const whatNext = `What next: ${shorten(next.join(" "), shape.next)}`;
  const spent = `Cost of the run: ${first.cost_of_run.text}`;
  const note = cutNote(answers, shape);
  const isJoined = shape.joined === "all";
  return [
    ...paragraphs([which, cost, quality], shape),
    { text: isJoined ? [remarks, spent, ...note].join(" ") : remarks, linesMin: 1 },
    { text: whatNext, linesMin: ALL },
    ...(isJoined ? [] : [{ text: spent, linesMin: 1 }]),
    ...(others.length === 0 ? [] : [{ text: sayOthers(others), linesMin: 1 }]),
    ...(isJoined ? [] : note.map((text) => ({ text, linesMin: 1 }))),
  ].map((part) => ({ ...part, text: sayNames(toPlainLine(part.text), answers, shape) }));
}

const CUT_NAMES = "Names are cut here, and whole in the report.";

function cutNote(answers: readonly Answer[], { hasShortNames }: Shape): Texts {
  return hasShortNames === true && namesOf(answers).some(isLong) ? [CUT_NAMES] : [];
}

const NAME_MAX = 18;

/** A command keeps its names, so that it can be pasted. */
function sayNames(text: string, answers: readonly Answer[], { hasShortNames }: Shape): string {
  if (hasShortNames !== true) return text;
  const [, prose = text, command = ""] = /^(.*?)(: experiment .*)$/u.exec(text) ?? [];
  const longest = namesOf(answers).toSorted((one, other) => other.length - one.length);
  const said = longest.reduce((cut, name) => cut.replaceAll(name, cutName(name, NAME_MAX)), prose);
  return `${said}${command}`;
}

function namesOf(answers: readonly Answer[]): readonly string[] {
  const names = answers.flatMap(({ candidate, baseline }) => [candidate, baseline]);
  return [...new Set(names.map(toPlainLine))];
}

function isLong(name: string): boolean {
  return cutName(name, NAME_MAX) !== name;
}

type Texts = readonly string[];

/** The sentence, how sure it is, cost and quality. */
function paragraphs(
  [which, cost, quality]: readonly [Texts, Texts, Texts],
  { joined }: Shape,
): readonly Part[] {
  if (joined === "all") return [{ text: [...which, ...cost, ...quality].join(" "), linesMin: 1 }];
  const bounds = joined === "bounds" ? [[...cost, ...quality]] : [cost, quality];
  return [
    ...which.map((text) => ({ text, linesMin: 1 })),
    ...bounds.map((texts, index) => ({ text: texts.join(" "), linesMin: index === 0 ? 2 : 1 })),
  ];
}

/** The report has the hint, such as `(experiment task import makes some)`, and the command too. */
function shorten(text: string, how: Shape["next"]): string {
  if (how === "without command") return text.replace(/: experiment .*$/u, ": see the report.");
  return how === "without hint" ? text.replace(/ \(experiment [^)]*\)/u, "") : text;
}

const NO_BASELINE: Part = {
  text: "Nothing is compared yet: no provider is named as the baseline. Name it with experiment complete --baseline, or in experiment.yaml.",
  linesMin: 1,
};

/** A candidate to take comes first, then those that are open. The sort keeps the registered order. */
function byInterest(left: Answer, right: Answer): number {
  return ORDER.indexOf(left.verdict) - ORDER.indexOf(right.verdict);
}

const ORDER: readonly Answer["verdict"][] = ["yes", "unknown", "no"];

function sayMissing(missing: readonly string[], shown: number): string {
  if (shown === 0 && missing.length > 1) {
    return `Missing or wrong: ${countNoun(missing.length, "remark")}, see the report.`;
  }
  const more = missing.length - Math.max(1, shown);
  const rest = more > 0 ? [`+${String(more)} more, see the report.`] : [];
  return ["Missing or wrong:", ...missing.slice(0, Math.max(1, shown)), ...rest].join(" ");
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

/** Takes the first shape that fits. If none does, for very long names, paragraphs are cut from the last one up. */
function fit(
  partsOf: (shape: Shape) => readonly Part[],
  { columns, above = 0 }: Pick<EndPlace, "columns" | "above">,
) {
  const linesOf = ({ text }: Part) => hangCommand(text, columns).split("\n");
  const linesMax = Math.ceil((END_LINES_MAX * COLUMNS) / Math.min(COLUMNS, columns)) - above;
  const isFitting = (parts: readonly Part[]) => parts.flatMap(linesOf).length <= linesMax;
  const parts =
    SHAPES.map(partsOf).find(isFitting) ??
    partsOf({ missing: 1, next: "without command", hasShortNames: true });
  let excess = parts.flatMap(linesOf).length - linesMax;
  return parts
    .toReversed()
    .map((part) => {
      const lines = linesOf(part);
      const kept = Math.max(part.linesMin, lines.length - Math.max(0, excess));
      if (kept >= lines.length) return lines;
      excess -= lines.length - kept;
      return [...lines.slice(0, kept - 1), cutText(`${lines[kept - 1] ?? ""} …`, columns)];
    })
    .toReversed()
    .flat();
}

/** Remarks that are counted instead of named come first, and the command in the report comes last. */
const WHOLE_NAMES: readonly Shape[] = [
  { missing: 3 },
  { missing: 2 },
  { missing: 1 },
  { missing: 1, joined: "bounds" },
  { missing: 1, joined: "all" },
  { missing: 1, joined: "all", next: "without hint" },
  { missing: 0, joined: "all", next: "without hint" },
  { missing: 1, next: "without command" },
  { missing: 1, joined: "all", next: "without command" },
];

/** Names are cut only if the whole ones leave no room for the answer. */
const SHAPES: readonly Shape[] = [
  ...WHOLE_NAMES,
  ...WHOLE_NAMES.map((shape) => ({ ...shape, hasShortNames: true })),
];

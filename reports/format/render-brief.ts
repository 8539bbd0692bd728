import type { BriefBlock } from "../document/document.ts";
import { toPlainLine } from "../text/plain-text.ts";
import { COLUMNS, hangCommand, hangText } from "../text/wrap-text.ts";

/** What a whole run comes to fits this many lines of 80 columns. */
const LINES_MAX = 12;

interface Place {
  readonly columns?: number | undefined;
  /** Lines that are there already. */
  readonly above?: number;
}

/** Adds one rank of pieces after the other, and leaves out those that don't fit. */
export function renderBrief(
  { paragraphs }: BriefBlock,
  { columns = COLUMNS, above = 0 }: Place,
): string {
  const linesMax = Math.ceil((LINES_MAX * COLUMNS) / Math.min(COLUMNS, columns)) - above;
  const linesOf = (ranks: ReadonlySet<number>) =>
    paragraphs.flatMap((pieces) => wrap(pieces, ranks, columns));
  const ranked = paragraphs.flat().flatMap(({ rank }) => rank ?? []);
  const shown = new Set<number>();
  for (const rank of [...new Set(ranked)].toSorted((one, other) => one - other))
    if (linesOf(new Set([...shown, rank])).length <= linesMax) shown.add(rank);
  return linesOf(shown).join("\n");
}

function wrap(
  pieces: BriefBlock["paragraphs"][number],
  ranks: ReadonlySet<number>,
  columns: number,
): readonly string[] {
  const isShown = (rank?: number) => rank === undefined || ranks.has(rank);
  const command = pieces.find(({ rank, isCommand }) => isCommand === true && isShown(rank));
  const text = pieces
    .filter((piece) => piece !== command)
    .map((piece) => toPlainLine((isShown(piece.rank) ? piece.text : piece.instead) ?? ""))
    .filter((said) => said !== "")
    .join(" ");
  if (text === "") return [];
  const lines =
    command === undefined
      ? hangText(text, columns)
      : hangCommand(text, toPlainLine(command.text), columns);
  return lines.split("\n");
}

/**
 * What a report says, before it has a form. Every text is plain and unescaped: each renderer escapes it
 * for the place that shows it.
 */
export interface ReportDocument {
  readonly title: string;
  /** Said before everything else: a scripted model, agents without a sandbox. */
  readonly warnings: readonly string[];
  readonly sections: readonly Section[];
  /** The heading of `docs/method.md` that explains the figures in its warnings, as an anchor. */
  readonly method?: string;
}

export interface Section {
  /** An anchor: lower case letters, digits and hyphens; unique within the document. */
  readonly id: string;
  /** Without one, its blocks belong to the document itself. */
  readonly title: string;
  readonly blocks: readonly Block[];
  /** The heading of `docs/method.md` that explains its sentences, as an anchor. */
  readonly method?: string;
  /** The candidate or provider that its figures are about; without it they are about the experiment. */
  readonly about?: string;
  /** Parts with a heading of their own, for example one for each candidate. */
  readonly parts?: readonly Section[];
}

export type Block =
  | TextBlock
  | BriefBlock
  | ListBlock
  | FiguresBlock
  | TableBlock
  | PictureBlock
  | CodeBlock;

/** A paragraph; `lead` is the sentence that a reader has to see first. */
export interface TextBlock {
  readonly kind: "text";
  readonly text: string;
  readonly isLead?: boolean;
}

/** Paragraphs for a place with little room, which drops pieces whole. */
export interface BriefBlock {
  readonly kind: "brief";
  readonly paragraphs: readonly (readonly Piece[])[];
}

export interface Piece {
  readonly text: string;
  /** Pieces of a higher rank are dropped first; one without a rank stays. */
  readonly rank?: number;
  /** Shown if it is dropped. */
  readonly instead?: string;
  /** A command line, which a shell takes when it is pasted. */
  readonly isCommand?: boolean;
}

export interface ListBlock {
  readonly kind: "list";
  readonly items: readonly string[];
}

/** Named values, each with what it means. */
export interface FiguresBlock {
  readonly kind: "figures";
  readonly figures: readonly Figure[];
  /** A terminal draws their shares as bars below each other. */
  readonly isBars?: boolean;
}

export interface Figure {
  readonly name: string;
  /** With unit and interval; why there is none, if it can't be computed. */
  readonly value: string;
  /** The same as a number in full precision, if it is one. */
  readonly number?: number | null;
  readonly interval?: Interval | null;
  /** The share of a limit that is used, in percent; null if nothing is allowed. */
  readonly share?: number | null | undefined;
  /** What it means, in one sentence. */
  readonly meaning: string;
  /** The heading of `docs/method.md` that explains it, as an anchor. */
  readonly method: string | null;
}

export interface TableBlock {
  readonly kind: "table";
  /** Unique within the document; the name of its file of comma-separated values. */
  readonly id: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** Instead of a table without rows. */
  readonly none?: string;
  readonly meaning?: string;
  readonly method?: string;
}

export interface Column {
  /** Unique within the table. */
  readonly title: string;
  readonly isNumber?: boolean;
  /** The cells name what their row is about, alone or with those of other such columns. */
  readonly isKey?: boolean;
  /** Its cells are sentences: where a table has no room for them, a row is an item of a list. */
  readonly isProse?: boolean;
  /** Its cells are intervals: two columns of numbers in a file. */
  readonly isInterval?: boolean;
  /** What it says, in one sentence; the table's meaning holds for columns without one. */
  readonly meaning?: string;
}

/** A text, or one that sorts by a value or leads to a place in the document. */
export type Cell = string | RichCell;

interface RichCell {
  readonly text: string;
  /** The number in full precision; null if there is none. */
  readonly sort?: number | null;
  /** The limits in full precision, in a column of intervals. */
  readonly interval?: Interval | null;
  readonly window?: string;
  /** Why there is nothing, without the mark for it. */
  readonly lack?: string;
}

export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

export interface PictureBlock {
  readonly kind: "picture";
  /** Unique within the document; the name of its file. */
  readonly id: string;
  readonly title: string;
  /** What the picture shows, for those who can't see it: the finding, not the form. */
  readonly alternative: string;
  /** A Vega-Lite specification with its data; null if there is nothing to draw. */
  readonly specification: Readonly<Record<string, unknown>> | null;
  /** The data of the picture; its `none` says why there is nothing to draw. */
  readonly data: TableBlock;
}

/** Lines that stay as they are. */
interface CodeBlock {
  readonly kind: "code";
  readonly lines: readonly string[];
}

import type {
  Block,
  Cell,
  Column,
  FiguresBlock,
  ReportDocument,
  Section,
  TableBlock,
} from "../document/document.ts";
import { drawBar, type Style } from "../text/budget-bar.ts";
import { NOT_AVAILABLE } from "../text/number-text.ts";
import { indented, plainTable } from "../text/plain-table.ts";
import { toPlainLine } from "../text/plain-text.ts";
import { renderBrief } from "./render-brief.ts";

export interface TerminalManner {
  /** Formats for a terminal; by default the text is plain. */
  readonly style?: Style | undefined;
  /** The width of the place; without one, tables have all their columns. */
  readonly columns?: number | undefined;
  /** Lines that a brief shares its place with. */
  readonly above?: number;
}

/**
 * A document for a terminal or a pipe, without a newline at its end. It has no meanings and no links to the
 * method: these are in the other formats.
 */
export function renderTerminal(
  { title, warnings, sections }: ReportDocument,
  manner: TerminalManner = {},
): string {
  const bold = warnings.map((warning) => {
    const line = toPlainLine(warning);
    return manner.style?.("bold", line) ?? line;
  });
  const head = [toPlainLine(title), ...bold].join("\n");
  return [head, ...sections.flatMap((section) => renderSection(section, manner))].join("\n\n");
}

function renderSection(
  { title, blocks, parts = [] }: Section,
  manner: TerminalManner,
): readonly string[] {
  const [indent, inner] =
    title === "" ? ["", manner] : ["  ", { ...manner, columns: indented(manner.columns) }];
  const shown = blocks.flatMap((block, at) => {
    const isApart = at > 0 && (OPEN.has(block.kind) || blocks[at - 1]?.kind === "table");
    const text = renderBlock(block, inner);
    return text === "" ? [] : [`${isApart ? "\n" : ""}${text.replaceAll(/^(?=.)/gmu, indent)}`];
  });
  const lines = title === "" ? shown : [toPlainLine(title), ...shown];
  return [
    ...(lines.length === 0 ? [] : [lines.join("\n")]),
    ...parts.flatMap((part) => renderSection(part, manner)),
  ];
}

/** An empty line comes before these. */
const OPEN: ReadonlySet<Block["kind"]> = new Set(["text", "brief", "table", "picture"]);

export function renderBlock(block: Block, manner: TerminalManner = {}): string {
  switch (block.kind) {
    case "text":
      return toPlainLine(block.text);
    case "brief":
      return renderBrief(block, manner);
    case "list":
      return renderList(block.items);
    case "figures":
      return renderFigures(block, manner);
    case "table":
      return renderTable(block, manner);
    case "picture":
      return toPlainLine(`${block.title}: ${block.alternative}`);
    case "code":
      return block.lines.map(toPlainLine).join("\n");
  }
}

function renderFigures({ figures, isBars = false }: FiguresBlock, { style }: TerminalManner) {
  if (!isBars) return figures.map(({ name, value }) => toPlainLine(`${name}: ${value}`)).join("\n");
  const names = figures.map(({ name }) => toPlainLine(name));
  const width = Math.max(...names.map(({ length }) => length));
  return figures
    .map(({ value, share }, at) => {
      const bar = drawBar(share, style);
      return `${(names[at] ?? "").padEnd(width)}  ${bar}${toPlainLine(value)}`;
    })
    .join("\n");
}

function renderList(items: readonly string[]): string {
  return items.map((item) => `- ${toPlainLine(item)}`).join("\n");
}

function renderTable(table: TableBlock, { columns: width }: TerminalManner): string {
  const { columns, rows, none = "" } = table;
  if (rows.length === 0) return toPlainLine(none);
  if (columns.some(({ isProse }) => isProse === true))
    return renderList(rows.map(proseOf(columns)));
  const head = columns.map(({ title }) => toPlainLine(title));
  const cells = rows.map((row) => row.map(cellText));
  return [
    plainTable([head, ...cells], { columns: width, names: keysOf(columns).length || 1 }),
    ...lacksOf(table),
  ].join("\n");
}

function cellText(cell: Cell): string {
  if (typeof cell === "string") return toPlainLine(cell);
  return cell.lack === undefined ? toPlainLine(cell.text) : NOT_AVAILABLE;
}

/** `key: sentence Heading: cell.`, without what is missing. */
function proseOf(columns: readonly Column[]) {
  return (row: readonly Cell[]) => {
    const [first = "", ...others] = row;
    const said = others.flatMap((cell, index) => {
      const { title = "", isProse, isKey } = columns[index + 1] ?? {};
      if (isKey === true || (typeof cell !== "string" && cell.lack !== undefined)) return [];
      return [isProse === true ? cellText(cell) : `${title}: ${cellText(cell)}.`];
    });
    return `${cellText(first)}: ${said.join(" ")}`;
  };
}

function keysOf(columns: readonly Column[]): readonly number[] {
  return columns.flatMap(({ isKey }, at) => (isKey === true ? [at] : []));
}

/** Why cells are empty: each reason with the row, if there are others, or the columns that it is true of. */
function lacksOf({ columns, rows }: TableBlock): readonly string[] {
  const places = rows.flatMap((row) =>
    row.flatMap((cell, at) =>
      typeof cell === "string" || cell.lack === undefined
        ? []
        : [{ lack: cell.lack, row: cellText(row[0] ?? ""), column: columns[at]?.title ?? "" }],
    ),
  );
  const reasons = [...Map.groupBy(places, ({ lack }) => lack)].map(([lack, found]) => {
    const names = new Set(found.map(({ row }) => row));
    const heads = new Set(found.map(({ column }) => column));
    const isOfOneRow = names.size === 1 && rows.length > 1;
    return `${[...(isOfOneRow ? names : heads)].join(", ")}: ${toPlainLine(lack)}`;
  });
  return reasons.length === 0 ? [] : [`${NOT_AVAILABLE}: ${reasons.join("; ")}.`];
}

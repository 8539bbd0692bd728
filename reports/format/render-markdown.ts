import type {
  Block,
  Cell,
  Column,
  FiguresBlock,
  PictureBlock,
  ReportDocument,
  Section,
  TableBlock,
} from "../document/document.ts";
import { escapeBlock, escapeMarkdown, markdownCode, markdownTable } from "../text/markdown.ts";

/** The page that explains the figures, in the report's folder. */
export const METHOD_FILE = "method.md";
/** The folder of the pictures, in the report's folder. */
export const PICTURE_FOLDER = "pictures";

const DEEPEST = 6;
const ROWS_SHOWN = 200;

/** A report as GitHub-flavoured Markdown. The same document gives the same bytes. */
export function renderMarkdown({ title, warnings, sections, method }: ReportDocument): string {
  const blocks = [
    `# ${escapeMarkdown(title)}`,
    ...warnings.map((warning) => `**${escapeMarkdown(warning)}**`),
    ...explainBy(method),
    ...sections.flatMap((section) => renderSection(section, 2)),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function renderSection(section: Section, depth: number): readonly string[] {
  const { title, blocks, method, parts = [] } = section;
  return [
    `${"#".repeat(Math.min(depth, DEEPEST))} ${escapeMarkdown(title)}`,
    ...blocks.flatMap(renderBlock),
    ...explainBy(method),
    ...parts.flatMap((part) => renderSection(part, depth + 1)),
  ];
}

function renderBlock(block: Block): readonly string[] {
  switch (block.kind) {
    case "text":
      return [
        block.isLead === true ? `**${escapeMarkdown(block.text)}**` : escapeBlock(block.text),
      ];
    case "brief":
      return block.paragraphs.map((one) => escapeBlock(one.map(({ text }) => text).join(" ")));
    case "list":
      return [block.items.map((item) => `- ${escapeBlock(item)}`).join("\n")];
    case "figures":
      return renderFigures(block);
    case "table":
      return renderTable(block);
    case "picture":
      return renderPicture(block);
    case "code":
      return [markdownCode(block.lines)];
  }
}

function renderFigures({ figures }: FiguresBlock): readonly string[] {
  const rows = figures.map(({ name, value, meaning, method }) => [
    escapeMarkdown(name),
    escapeMarkdown(value),
    `${escapeMarkdown(meaning)}${methodLink(method)}`,
  ]);
  return [markdownTable(["Figure", "Value", "What it means"], rows)];
}

function explainBy(method: string | undefined): readonly string[] {
  return method === undefined ? [] : [methodLink(method).trim()];
}

function methodLink(method: string | null | undefined): string {
  return method ? ` [Method](${METHOD_FILE}#${method})` : "";
}

function renderTable(table: TableBlock): readonly string[] {
  const { columns, rows, none, id } = table;
  if (rows.length === 0) return none === undefined ? [] : [escapeBlock(none)];
  const headings = columns.map(
    ({ title, isNumber }) => `${escapeMarkdown(title)}${isNumber === true ? ":" : ""}`,
  );
  const shown = rows.slice(0, ROWS_SHOWN);
  const cells = shown.map((row) => row.map((cell) => escapeMarkdown(textOf(cell))));
  const more = rows.length - shown.length;
  return [
    markdownTable(headings, cells),
    ...(more === 0
      ? []
      : [`… and ${more} more rows: \`experiment report --format csv\` writes all to ${id}.csv.`]),
    ...explain(table),
  ];
}

function textOf(cell: Cell): string {
  return typeof cell === "string" ? cell : cell.text;
}

/** What the table and its columns mean, folded away. */
function explain({ meaning, method, columns }: TableBlock): readonly string[] {
  if (meaning === undefined) return [];
  const explained = columns.flatMap(({ title, meaning: own }: Column) =>
    own === undefined ? [] : [`- ${escapeMarkdown(title)}: ${escapeMarkdown(own)}`],
  );
  const whole = `${escapeBlock(meaning)}${methodLink(method)}`;
  if (explained.length === 0) return [whole];
  return [
    whole,
    "<details><summary>What the columns mean</summary>",
    explained.join("\n"),
    "</details>",
  ];
}

function renderPicture({ id, title, alternative, specification, data }: PictureBlock) {
  if (specification === null) {
    return [escapeBlock(`${title}: ${data.none ?? "there is nothing to draw."}`)];
  }
  return [
    `**${escapeMarkdown(title)}**${methodLink(data.method)}`,
    `![${escapeMarkdown(alternative)}](${PICTURE_FOLDER}/${id}.svg)`,
    "<details><summary>The data of the picture</summary>",
    ...renderTable(data),
    "</details>",
  ];
}

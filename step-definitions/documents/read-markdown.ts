/** A part of a Markdown page. The text of code keeps its lines; every other text is as in the source. */
export interface Block {
  readonly kind: "heading" | "paragraph" | "cell" | "code";
  readonly line: number;
  readonly text: string;
  /** What follows the fence of code, such as "sh". */
  readonly info: string;
}

const FENCE = /^\s*```(?<info>.*)$/;
const HEADING = /^#{1,6} (?<text>.*)$/;
const ITEM = /^\s*(?:[-*]|\d+\.) (?<text>.*)$/;
const CELL_BORDER = /(?<!\\)\|/;

/** The blocks of a page. It reads what our pages use: fences, headings, lists, tables and paragraphs. */
export function readMarkdown(page: string): Block[] {
  const blocks: Block[] = [];
  const lines = page.split("\n");
  for (let index = 0; index < lines.length;) {
    const found = FENCE.test(lines[index] ?? "") ? codeAt(lines, index) : proseAt(lines, index);
    blocks.push(...found.blocks);
    index = found.next;
  }
  return blocks;
}

interface Found {
  readonly blocks: readonly Block[];
  readonly next: number;
}

function codeAt(lines: readonly string[], start: number): Found {
  const info = FENCE.exec(lines[start] ?? "")?.groups?.["info"]?.trim() ?? "";
  const end = lines.findIndex((line, index) => index > start && FENCE.test(line));
  if (end === -1) throw new Error(`The fence in line ${start + 1} is not closed.`);
  const text = lines.slice(start + 1, end).join("\n");
  return { blocks: [{ kind: "code", line: start + 2, info, text }], next: end + 1 };
}

function proseAt(lines: readonly string[], start: number): Found {
  const first = lines[start] ?? "";
  const block = { line: start + 1, info: "" };
  if (first.trim() === "") return { blocks: [], next: start + 1 };
  const heading = HEADING.exec(first)?.groups?.["text"];
  if (heading !== undefined)
    return { blocks: [{ ...block, kind: "heading", text: heading }], next: start + 1 };
  if (first.startsWith("|"))
    return {
      blocks: first
        .split(CELL_BORDER)
        .slice(1, -1)
        .map((text) => ({ ...block, kind: "cell", text: text.trim() })),
      next: start + 1,
    };
  const end = lines.findIndex((line, index) => index > start && startsBlock(line));
  const next = end === -1 ? lines.length : end;
  const text = [ITEM.exec(first)?.groups?.["text"] ?? first, ...lines.slice(start + 1, next)];
  return { blocks: [{ ...block, kind: "paragraph", text: text.join("\n").trim() }], next };
}

function startsBlock(line: string): boolean {
  return (
    line.trim() === "" ||
    FENCE.test(line) ||
    HEADING.test(line) ||
    ITEM.test(line) ||
    line.startsWith("|")
  );
}

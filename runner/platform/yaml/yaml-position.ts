import { isMap, isNode, isScalar, Lexer, LineCounter, parseDocument, Parser } from "yaml";
import type { Document } from "yaml";

type Path = readonly PropertyKey[];

/** A parsed YAML text with line numbers, which count from 1. */
export interface LinedDocument {
  readonly document: Document;
  lineAt(offset: number): number;
  /** Returns the line at which the deepest existing part of a path begins. */
  lineOf(path: Path): number;
}

const LEVELS_MAX = 100;
const ENTRIES_MAX = 10_000;

/** What a text has too much of for a configuration. */
interface Excess {
  readonly line: number;
  /** E.g. `100 levels of lists and maps`. */
  readonly most: string;
}

/**
 * Finds lists and maps that are too deep or too long: they would exhaust the program's stack, or take
 * minutes. This parser keeps a stack of its own and compares no keys.
 */
export function findExcess(text: string): Excess | undefined {
  const lines = new LineCounter();
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  for (const lexeme of new Lexer().lex(text)) {
    Array.from(parser.next(lexeme));
    const most = excessOf(parser);
    if (most !== undefined) return { line: lines.linePos(parser.offset).line, most };
  }
  return undefined;
}

function excessOf({ stack }: Parser): string | undefined {
  if (stack.length > LEVELS_MAX) return `${String(LEVELS_MAX)} levels of lists and maps`;
  const top = stack.at(-1);
  if (top === undefined || !("items" in top) || top.items.length <= ENTRIES_MAX) return undefined;
  return `${String(ENTRIES_MAX)} entries in a list or map`;
}

export function parseWithLines(text: string): LinedDocument {
  const lineCounter = new LineCounter();
  // Merge keys (`<<`) are YAML 1.1, and people know them from other tools.
  const document = parseDocument(text, { lineCounter, prettyErrors: false, merge: true });
  const lineAt = (offset: number): number => Math.max(1, lineCounter.linePos(offset).line);
  return { document, lineAt, lineOf: (path) => lineAt(offsetOf(document, path)) };
}

/** A field begins at its key, so that long values do not shift the line. */
function offsetOf(document: Document, path: Path): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const offset = offsetAt(document, path.slice(0, depth));
    if (offset !== undefined) return offset;
  }
  return document.contents?.range?.[0] ?? 0;
}

function offsetAt(document: Document, path: Path): number | undefined {
  const parent = document.getIn(path.slice(0, -1), true);
  const name = String(path.at(-1));
  const pair = isMap(parent) ? parent.items.find(({ key }) => nameOfKey(key) === name) : undefined;
  const node = pair?.key ?? document.getIn(path, true);
  return isNode(node) ? node.range?.[0] : undefined;
}

function nameOfKey(key: unknown): string | undefined {
  return isScalar(key) ? String(key.value) : undefined;
}

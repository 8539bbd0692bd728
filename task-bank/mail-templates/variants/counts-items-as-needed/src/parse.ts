import { FILTERS, type Filter } from "./filters.ts";

export type Node =
  | { kind: "text"; text: string }
  | { kind: "value"; path: string[]; filters: { apply: Filter; argument: string }[]; isRaw: boolean }
  | Block;

/** A condition, or a loop if it names its items. */
export interface Block {
  kind: "block";
  path: string[];
  item: string | undefined;
  then: Node[];
  otherwise: Node[] | undefined;
}

const TAG = /(\{\{\{[^]*?\}\}\}|\{\{[^]*?\}\})/;
const BLOCK = /^#\s*(?:if\s+([\w.]+)|each\s+([\w.]+)\s+as\s+(\w+))$/;
const VALUE = /^([\w.]+)((?:\s*\|\s*\w+(?:\s*:\s*"[^"]*")?)*)$/;
const FILTER = /\|\s*(\w+)(?:\s*:\s*"([^"]*)")?/g;

export function parse(source: string): Node[] {
  const root: Node[] = [];
  const open: { block: Block; line: number }[] = [];
  let nodes = root;
  let line = 1;
  for (const [index, piece] of source.split(TAG).entries()) {
    const [before, unclosed] = piece.split("{{");
    const tag = piece.replaceAll(/^\{+\s*|\s*\}+$/g, "");
    const block = open.at(-1)?.block;
    if (index % 2 === 0) {
      if (unclosed !== undefined) fail(line + linesIn(before as string));
      nodes.push({ kind: "text", text: piece });
    } else if (piece.startsWith("{{{")) {
      nodes.push(readValue(tag, { isRaw: true, line }));
    } else if (tag.startsWith("#")) {
      const inner = readBlock(tag, line);
      nodes.push(inner);
      open.push({ block: inner, line });
      nodes = inner.then;
    } else if (tag === "else") {
      if (block === undefined || block.otherwise !== undefined) fail(line);
      nodes = block.otherwise = [];
    } else if (tag.startsWith("/")) {
      const end = block?.item === undefined ? "if" : "each";
      if (block === undefined || tag.slice(1).trim() !== end) fail(line);
      open.pop();
      const outer = open.at(-1)?.block;
      nodes = outer?.otherwise ?? outer?.then ?? root;
    } else {
      nodes.push(readValue(tag, { isRaw: false, line }));
    }
    line += linesIn(piece);
  }
  const left = open.at(-1);
  if (left !== undefined) fail(left.line);
  return root;
}

function readBlock(tag: string, line: number): Block {
  const [, condition, list, item] = BLOCK.exec(tag) ?? fail(line);
  return { kind: "block", path: readPath(condition ?? (list as string), line), item, then: [], otherwise: undefined };
}

function readValue(tag: string, { isRaw, line }: { isRaw: boolean; line: number }): Node {
  const [, path, filters] = (VALUE.exec(tag) ?? fail(line)) as string[];
  return {
    kind: "value",
    path: readPath(path as string, line),
    filters: [...(filters as string).matchAll(FILTER)].map(([, name, argument = ""]) => ({
      apply: FILTERS.get(name as string) ?? fail(line),
      argument,
    })),
    isRaw,
  };
}

function readPath(path: string, line: number): string[] {
  const names = path.split(".");
  return names.includes("") ? fail(line) : names;
}

function linesIn(text: string): number {
  return text.split("\n").length - 1;
}

function fail(line: number): never {
  throw new SyntaxError(`line ${line}`);
}

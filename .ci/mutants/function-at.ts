import { parseSync, Visitor } from "oxc-parser";

/** The innermost named function, method, constant or type that has a line; `-` outside of all. */
export function functionAt(source: string, line: number): string {
  const offset =
    source
      .split("\n")
      .slice(0, line - 1)
      .join("\n").length + (line === 1 ? 0 : 1);
  const end = source.indexOf("\n", offset) === -1 ? source.length : source.indexOf("\n", offset);
  let found = { name: "-", size: Infinity };
  const note = (
    name: string | undefined,
    node: { readonly start: number; readonly end: number },
  ) => {
    const size = node.end - node.start;
    const holds = node.start <= end && offset <= node.end;
    if (name !== undefined && holds && size < found.size) found = { name, size };
  };
  const visitor = new Visitor({
    FunctionDeclaration: (node) => note(node.id?.name, node),
    MethodDefinition: (node) => note(nameIn(source, node.key), node),
    PropertyDefinition: (node) => note(nameIn(source, node.key), node),
    ExportNamedDeclaration: (node) => note(declared(node.declaration), node),
    VariableDeclaration: (node) => {
      // Everything declared within a function is part of it.
      if (isAtMargin(source, node.start)) note(declared(node), node);
    },
  });
  visitor.visit(parseSync("source.ts", source).program);
  return found.name;
}

function declared(node: unknown): string | undefined {
  const { declarations: [first] = [] } = Object(node);
  return first?.id?.name;
}

function nameIn(source: string, { start, end }: { readonly start: number; readonly end: number }) {
  return source.slice(start, end);
}

function isAtMargin(source: string, start: number): boolean {
  return start === 0 || source[start - 1] === "\n";
}

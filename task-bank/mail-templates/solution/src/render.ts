import { type Node, parse } from "./parse.ts";
import { escape, isTrue, lookUp, textOf } from "./values.ts";

export type Data = Record<string, unknown>;

export interface Template {
  render(data: Data): string;
  names(): string[];
}

export function compile(source: string): Template {
  const nodes = parse(source);
  return {
    render: (data) => fill(nodes, data),
    names: () => [...new Set(namesIn(nodes))].sort(),
  };
}

export function render(source: string, data: Data): string {
  return compile(source).render(data);
}

function fill(nodes: readonly Node[], data: Data): string {
  return nodes.map((node) => fillNode(node, data)).join("");
}

function fillNode(node: Node, data: Data): string {
  if (node.kind === "text") return node.text;
  const found = lookUp(data, node.path);
  if (node.kind === "value") {
    const value = node.filters.reduce((before, { apply, argument }) => apply(before, argument), found);
    return node.isRaw ? textOf(value) : escape(textOf(value));
  }
  const { item, then, otherwise = [] } = node;
  if (item === undefined) return fill(isTrue(found) ? then : otherwise, data);
  const items: unknown[] = Array.isArray(found) ? found : [];
  if (items.length === 0) return fill(otherwise, data);
  return items.map((one) => fill(then, { ...data, [item]: one })).join("");
}

function namesIn(nodes: readonly Node[]): string[] {
  return nodes.flatMap((node) => {
    if (node.kind === "text") return [];
    const own = node.path.slice(0, 1);
    if (node.kind === "value") return own;
    const inner = namesIn(node.then).filter((name) => name !== node.item);
    return [...own, ...inner, ...namesIn(node.otherwise ?? [])];
  });
}

import { readFileSync } from "node:fs";
import path from "node:path";

import { type Comment, type Directive, parseSync, type Statement } from "oxc-parser";

import { packageFolder } from "../../runner/platform/environment/package-folder.ts";
import { block, code, page } from "./markdown.ts";

/** What a program can import: a name, what it means, and what its docstring says. */
export interface Exported {
  readonly name: string;
  readonly kind: "function" | "class" | "value" | "type";
  readonly signature: string;
  /** Empty: it has no docstring. */
  readonly about: string;
}

const ENTRIES = [
  ["counterbalance", "reports/index.ts"],
  ["counterbalance/ledger", "ledger/index.ts"],
  ["counterbalance/statistics", "reports/statistics/index.ts"],
] as const;

const KINDS = [
  ["Functions", "function"],
  ["Classes", "class"],
  ["Values", "value"],
  ["Types", "type"],
] as const;

/** Longer values, such as schemas, are cut to their names. */
const VALUE_LENGTH = 200;

interface Module {
  readonly file: string;
  readonly text: string;
  readonly body: readonly (Statement | Directive)[];
  readonly comments: readonly Comment[];
}

// TypeDoc would need TypeScript 6 or older.
/** The page of every name that the package exports. */
export function apiPage(): string {
  return page(
    "the docstrings of what package.json exports",
    "# API",
    "Each name that a program can import from the package. The package holds the types of all.",
    ...apiEntries().map(({ entry, about, exported }) => [
      `## ${code(entry)}`,
      about,
      ...KINDS.flatMap(([heading, kind]) => partOf(heading, exported, kind)),
    ]),
  );
}

/** The entries of the package with what they export. */
export function apiEntries() {
  return ENTRIES.map(([entry, file]) => {
    const module = read(file);
    const [head] = module.comments;
    return { entry, about: head === undefined ? "" : textOf(head), exported: exportsOf(module) };
  });
}

function partOf(heading: string, all: readonly Exported[], kind: string): readonly string[] {
  const some = all.filter((one) => one.kind === kind);
  const parts = some
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ name, signature, about }) => [
      `#### ${code(name)}`,
      ...(about === "" ? [] : [about]),
      block("ts", signature.split("\n")),
    ]);
  return parts.length === 0 ? [] : [`### ${heading}`, ...parts];
}

function read(name: string): Module {
  const file = path.resolve(packageFolder(), name);
  const text = readFileSync(file, "utf8");
  const { program, comments } = parseSync(file, text);
  return { file, text, body: program.body, comments };
}

function exportsOf(module: Module): readonly Exported[] {
  return module.body.flatMap((statement) => {
    if (statement.type === "ExportAllDeclaration") {
      return typesIf(statement.exportKind, exportsOf(readBeside(module, statement.source.value)));
    }
    if (statement.type !== "ExportNamedDeclaration") return [];
    const { declaration, source, specifiers } = statement;
    if (declaration !== null) return declared(module, declaration, statement.start);
    if (source === null) throw new Error(`${module.file}: an export apart from its declaration`);
    const all = exportsOf(readBeside(module, source.value));
    return specifiers.flatMap(({ local, exportKind }) => {
      const named = all.filter(({ name }) => name === nameOf(local));
      if (named.length === 0) throw new Error(`${module.file}: ${nameOf(local)} is not found`);
      const isType = statement.exportKind === "type" || exportKind === "type";
      return typesIf(isType ? "type" : "value", named);
    });
  });
}

/** A schema and its type have one name: an export of the type leaves the schema out. */
function typesIf(kind: "type" | "value", all: readonly Exported[]): readonly Exported[] {
  return kind === "type" ? all.filter((one) => one.kind === "type") : all;
}

function readBeside({ file }: Module, source: string): Module {
  return read(path.resolve(path.dirname(file), source));
}

function declared(module: Module, node: Statement, start: number): readonly Exported[] {
  const { text } = module;
  const about = docstringBefore(module, start);
  const upTo = (end: number) => text.slice(node.start, end).trim();
  if (node.type === "FunctionDeclaration" || node.type === "TSDeclareFunction") {
    const signature = upTo(node.body?.start ?? node.end);
    return [{ name: nameOf(node.id), kind: "function", signature, about }];
  }
  if (node.type === "ClassDeclaration") {
    return [{ name: nameOf(node.id), kind: "class", signature: upTo(node.body.start), about }];
  }
  if (node.type === "TSInterfaceDeclaration" || node.type === "TSTypeAliasDeclaration") {
    return [{ name: nameOf(node.id), kind: "type", signature: upTo(node.end), about }];
  }
  if (node.type !== "VariableDeclaration") {
    throw new Error(`${module.file}: an export of another kind: ${node.type}`);
  }
  return node.declarations.map(({ id }) => {
    const whole = upTo(node.end);
    const signature = whole.length > VALUE_LENGTH ? `const ${nameOf(id)}` : whole;
    return { name: nameOf(id), kind: "value", signature, about };
  });
}

function nameOf(node: { readonly type: string } | null): string {
  if (node !== null && "name" in node && typeof node.name === "string") return node.name;
  throw new Error("an export without a name");
}

function docstringBefore({ text, comments }: Module, start: number): string {
  const before = comments.findLast(({ end }) => end <= start);
  const isDocstring = before?.type === "Block" && before.value.startsWith("*");
  return isDocstring && text.slice(before.end, start).trim() === "" ? textOf(before) : "";
}

function textOf({ value }: Comment): string {
  return value
    .slice(1)
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/u, "").trimEnd())
    .join("\n")
    .trim();
}

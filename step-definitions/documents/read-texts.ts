import { readFileSync } from "node:fs";

import { AstBuilder, GherkinClassicTokenMatcher, Parser } from "@cucumber/gherkin";
import { IdGenerator } from "@cucumber/messages";
import { type Comment, parseSync, Visitor } from "oxc-parser";

import type { Text } from "./english-faults.ts";
import { readMarkdown } from "./read-markdown.ts";

/** Every text of a file that people read. In code, these are the comments and the strings. */
export function readTexts(file: string): Text[] {
  const content = readFileSync(file, "utf8");
  if (file.endsWith(".md")) return textsOfMarkdown(content);
  if (file.endsWith(".feature")) return textsOfGherkin(content);
  if (/\.[cm]?[jt]s$/.test(file)) return textsOfCode(file, content);
  return textsOfHashComments(content);
}

function textsOfMarkdown(content: string): Text[] {
  return readMarkdown(content)
    .filter(({ kind }) => kind !== "code")
    .map(({ line, text }) => ({ line, text: text.replaceAll(/`[^`]+`/g, "`…`") }));
}

function textsOfGherkin(content: string): Text[] {
  const parser = new Parser(
    new AstBuilder(IdGenerator.incrementing()),
    new GherkinClassicTokenMatcher(),
  );
  const { feature, comments } = parser.parse(content);
  const rules = (feature?.children ?? []).flatMap((child) => child.rule ?? []);
  const children = [...(feature?.children ?? []), ...rules.flatMap((rule) => rule.children)];
  const scenarios = children.flatMap((child) => child.scenario ?? []);
  const backgrounds = children.flatMap((child) => child.background ?? []);
  const titled = [...(feature === undefined ? [] : [feature]), ...rules, ...scenarios];
  return [
    ...[...titled, ...backgrounds].flatMap(({ location: { line }, name, description }) => [
      { line, text: name },
      { line: line + 1, text: description.trim() },
    ]),
    ...[...scenarios, ...backgrounds]
      .flatMap(({ steps }) => steps)
      .map(({ location, text }) => ({ line: location.line, text })),
    ...comments.map(({ location, text }) => ({ line: location.line, text: withoutMark(text) })),
  ];
}

function textsOfCode(file: string, content: string): Text[] {
  const { program, comments, errors } = parseSync(file, content);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  const found: { start: number; text: string }[] = joinLineComments(comments, content);
  new Visitor({
    Literal({ start, value }) {
      if (typeof value === "string") found.push({ start, text: value });
    },
    TemplateLiteral({ start, quasis }) {
      const parts = quasis.map(({ value }) => value.cooked ?? value.raw);
      found.push({ start, text: parts.join("…") });
    },
  }).visit(program);
  return found.map(({ start, text }) => ({ line: lineAt(content, start), text }));
}

/** Line comments below one another are one text. */
function joinLineComments(comments: readonly Comment[], content: string) {
  const joined: { start: number; end: number; text: string }[] = [];
  for (const { type, value, start, end } of comments) {
    const last = joined.at(-1);
    const text = type === "Block" ? value.replaceAll(/^[ *]+/gm, "").trim() : value.trim();
    const isContinued =
      type === "Line" && last !== undefined && /^\n[ \t]*$/.test(content.slice(last.end, start));
    if (isContinued) joined.splice(-1, 1, { ...last, end, text: `${last.text}\n${text}` });
    else joined.push({ start, end, text });
  }
  return joined;
}

/** YAML and shell: comments that fill their lines, those below one another as one text. */
function textsOfHashComments(content: string): Text[] {
  return [...content.matchAll(/(?:^[ \t]*#.*\n)+/gm)].map(({ index, 0: text }) => ({
    line: lineAt(content, index),
    text: withoutMark(text),
  }));
}

function withoutMark(comment: string): string {
  return comment.replaceAll(/^\s*#+ ?/gm, "").trim();
}

function lineAt(content: string, index: number): number {
  return content.slice(0, index).split("\n").length;
}

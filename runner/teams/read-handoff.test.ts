import { readFileSync } from "node:fs";

import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

import { handoffJsonSchema, HANDOFFS } from "./handoff-schema.ts";
import { parseHandoff } from "./read-handoff.ts";

const KINDS = Object.keys(HANDOFFS);

function exampleOf(kind: string): string {
  const file = new URL(`../../docs/examples/handoffs/${kind}.md`, import.meta.url);
  return readFileSync(file, "utf8");
}

test.each(KINDS)("the example of a handoff of the kind %s is valid", (kind) => {
  expect(parseHandoff("a.md", exampleOf(kind)).handoff).toBe(kind);
});

test("line ends of Windows and a byte order mark change nothing", () => {
  const text = `\uFEFF${exampleOf("plan").replaceAll("\n", "\r\n")}`;
  expect(parseHandoff("a.md", text)).toEqual(parseHandoff("a.md", exampleOf("plan")));
});

test("a second fence in the Markdown is text", () => {
  const text = `${exampleOf("plan")}\n---\n\nhandoff: nonsense\n`;
  expect(parseHandoff("a.md", text).handoff).toBe("plan");
});

test("front matter without an end is refused at the last line", () => {
  expect(() => parseHandoff("a.md", "---\nhandoff: plan\n")).toThrow(
    'a.md:3: expected front matter that ends with "---", got the end of the file.',
  );
});

test("a fault of YAML has its line in the Markdown file", () => {
  const text = exampleOf("plan").replace("summary: Give", 'summary: "Give');
  expect(() => parseHandoff("a.md", text)).toThrow(/^a\.md:\d+: expected valid YAML, got: /u);
  expect(() => parseHandoff("a.md", "---\nhandoff: plan\nhandoff: plan\n---\n")).toThrow(
    "a.md:3: expected valid YAML, got: Map keys must be unique.",
  );
});

test.each([
  "/etc/passwd",
  "../a",
  "a/../b",
  "a/..",
  "..",
  "~/a",
  "C:/a",
  String.raw`a\b`,
  "",
  "a\nb",
])("the path %j is refused", (path) => {
  const text = exampleOf("plan").replace("src/lru-cache.mjs", JSON.stringify(path));
  expect(() => parseHandoff("a.md", text)).toThrow('"files.0.path" to be a path in the workspace');
});

test.each(["a", ".github/x.yml", "a..b/c", "..a", "ä b/c.txt"])("the path %j is read", (path) => {
  const text = exampleOf("plan").replace("src/lru-cache.mjs", JSON.stringify(path));
  expect(parseHandoff("a.md", text).files[0]?.path).toBe(path);
});

test.each([
  ["12", 12],
  ["12-12", "12-12"],
  ["9-10", "9-10"],
])("the lines %s are read", (lines, read) => {
  const text = exampleOf("plan").replace("lines: 1-24", `lines: ${lines}`);
  expect(parseHandoff("a.md", text).files[0]?.lines).toBe(read);
});

test.each(["0", "10-9", "-3", "1.5", "1-", "a-b"])("the lines %s are refused", (lines) => {
  const text = exampleOf("plan").replace("lines: 1-24", `lines: ${lines}`);
  expect(() => parseHandoff("a.md", text)).toThrow('"files.0.lines" to be a line, or a range');
});

test.each(KINDS)("the published schema accepts the example %s, and asks for each field", (kind) => {
  const schema = z.fromJSONSchema(JSON.parse(JSON.stringify(handoffJsonSchema())));
  const [, frontMatter = ""] = exampleOf(kind).split(/^---$/mu);
  const value: Record<string, unknown> = parse(frontMatter);
  expect(schema.safeParse(value).success).toBe(true);
  const accepted = Object.keys(value).filter((field) => {
    const { [field]: _left, ...rest } = value;
    return schema.safeParse(rest).success;
  });
  expect(accepted).toEqual([]);
});

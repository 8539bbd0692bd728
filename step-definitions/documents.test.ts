import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";

import { expect, test } from "vitest";
import { z } from "zod";

import { RECORD_SCHEMAS } from "../ledger/domain/validate-row.ts";
import { WindowKey } from "../ledger/domain/window.ts";
import { METHOD } from "../reports/document/method.ts";
import { anchorsOf, localLinks } from "./documents/read-links.ts";
import { readMarkdown } from "./documents/read-markdown.ts";

const CELL_MAX = 200;

const pages = globSync(["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/**/*.md"]);

function isBroken(file: string, target: string): boolean {
  const [name = "", anchor] = target.split("#");
  const linked = name === "" ? file : path.join(path.dirname(file), name);
  if (!existsSync(linked)) return true;
  return anchor !== undefined && !anchorsOf(readFileSync(linked, "utf8")).has(anchor);
}

test.each(pages)("every link of %s leads somewhere", (file) => {
  const broken = localLinks(readFileSync(file, "utf8")).filter(({ target }) =>
    isBroken(file, target),
  );
  expect(broken).toEqual([]);
});

test.each(pages)("no table of %s has a cell that is too long", (file) => {
  const long = readMarkdown(readFileSync(file, "utf8"))
    .filter(({ kind, text }) => kind === "cell" && text.length > CELL_MAX)
    .map(({ line }) => line);
  expect(long).toEqual([]);
});

test.each(["how-to", "decisions", "reference", "reference/commands"])(
  "an index links every page of docs/%s",
  (folder) => {
    const linked = ["README.md", ...globSync("docs/**/README.md")].flatMap((index) =>
      localLinks(readFileSync(index, "utf8")).map(({ target }) =>
        path.join(path.dirname(index), target),
      ),
    );
    const unlinked = globSync(`docs/${folder}/*.md`).filter((page) => !linked.includes(page));
    expect(unlinked).toEqual([]);
  },
);

/** The text of each section of the page of records, by the section's heading. */
function recordSections(): ReadonlyMap<string, string> {
  const sections = new Map<string, string>();
  let heading = "";
  for (const { kind, text } of readMarkdown(readFileSync("docs/reference/records.md", "utf8"))) {
    if (kind === "heading") heading = text;
    sections.set(heading, `${sections.get(heading) ?? ""}\n${text}`);
  }
  return sections;
}

test.each([...RECORD_SCHEMAS])("the reference lists every field of %s", (record, schema) => {
  const section = recordSections().get(record) ?? "";
  const ofWindow = section.includes("window key") ? Object.keys(WindowKey) : [];
  const fields = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const missing = fields.filter((field) => !section.includes(`\`${field}\``));
  expect(fields).toContain("record");
  expect(missing.filter((field) => field !== "record" && !ofWindow.includes(field))).toEqual([]);
});

test.each(Object.values(METHOD))("the method explains figures under #%s", (anchor) => {
  expect(anchorsOf(readFileSync("docs/method.md", "utf8"))).toContain(anchor);
});

import { XMLParser, XMLValidator } from "fast-xml-parser";
import { z } from "zod";

import { reasonOf } from "../../../ledger/domain/errors.ts";
import { Results, ResultsFault, type TestResult, testName } from "./test-result.ts";

/** With what a runner says about a failure as text, as attributes, or both. */
const Verdict = z.array(
  z.union([
    z.string(),
    z.looseObject({ "@message": z.string().optional(), "#text": z.string().optional() }),
  ]),
);

const TestCase = z.union([
  z.string(),
  z.looseObject({
    "@name": z.string().optional(),
    "@classname": z.string().optional(),
    "@file": z.string().optional(),
    "@status": z.string().optional(),
    failure: Verdict.optional(),
    error: Verdict.optional(),
    skipped: Verdict.optional(),
  }),
]);

const Suite = z.union([
  z.string(),
  z.looseObject({
    "@name": z.string().default(""),
    "@file": z.string().optional(),
    testsuite: z.array(z.unknown()).optional(),
    testcase: z.array(TestCase).optional(),
  }),
]);

const Root = z.looseObject({
  testsuites: Suite.optional(),
  testsuite: z.array(z.unknown()).optional(),
});

const LISTS: ReadonlySet<string> = new Set([
  "testsuite",
  "testcase",
  "failure",
  "error",
  "skipped",
]);
const DEPTH_MAX = 50;
const NOT_RUN: ReadonlySet<string | undefined> = new Set(["notrun", "disabled", "skipped"]);
/** node:test gives every test this class. */
const NO_CLASS = "test";

/**
 * Reads a report in the format of JUnit.
 * @param folder the working folder of the tests; names of files are given relative to it.
 * @throws ResultsFault
 */
export function readJunit(text: string, folder: string): readonly TestResult[] {
  if (/<!(?:DOCTYPE|ENTITY)/iu.test(text)) throw new ResultsFault("it declares entities");
  const valid = XMLValidator.validate(text);
  if (valid !== true) {
    const { line, msg } = valid.err;
    throw new ResultsFault(`it is not a whole XML document: line ${String(line)}: ${msg}`);
  }
  const root = Root.safeParse(parse(text)).data;
  if (root === undefined || (root.testsuites === undefined && root.testsuite === undefined)) {
    throw new ResultsFault("it has no <testsuites> and no <testsuite>");
  }
  const results = new Results();
  const top: Partial<Exclude<z.output<typeof Suite>, string>> =
    typeof root.testsuites === "object" ? root.testsuites : {};
  const suites = [...(top.testsuite ?? []), ...(root.testsuite ?? [])];
  collect(
    { "@name": "", testcase: top.testcase, testsuite: suites },
    { results, folder, around: [] },
  );
  return results.list();
}

interface Collecting {
  readonly results: Results;
  readonly folder: string;
  /** The names of the suites around this one. */
  readonly around: readonly string[];
}

function collect(suite: z.output<typeof Suite>, collecting: Collecting): void {
  if (typeof suite === "string") return;
  const { results, folder, around } = collecting;
  if (around.length > DEPTH_MAX) throw new ResultsFault("its suites are too deep");
  const { "@name": own, "@file": suiteFile } = suite;
  const names = own === "" ? around : [...around, own];
  for (const test of suite.testcase ?? []) {
    if (typeof test === "string") continue;
    const { "@name": name = "", "@file": file = suiteFile } = test;
    const places = [file, groupOf(test, names)].map((place) => relativeTo(folder, place));
    results.add({ name: testName(places, name), ...verdictOf(test) });
  }
  for (const inner of suite.testsuite ?? []) {
    const parsed = Suite.safeParse(inner);
    if (!parsed.success) throw new ResultsFault("one of its suites is not an element");
    collect(parsed.data, { results, folder, around: names });
  }
}

function groupOf(
  { "@classname": className }: Exclude<z.output<typeof TestCase>, string>,
  suites: readonly string[],
): string {
  return className === undefined || className === NO_CLASS ? suites.join(" > ") : className;
}

function parse(text: string): unknown {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "@",
    parseTagValue: false,
    parseAttributeValue: false,
    htmlEntities: true,
    isArray: (name) => LISTS.has(name),
  });
  try {
    return parser.parse(text);
  } catch (error) {
    throw new ResultsFault(`it can't be read: ${reasonOf(error)}`);
  }
}

function verdictOf(
  test: Exclude<z.output<typeof TestCase>, string>,
): Pick<TestResult, "status" | "message"> {
  const [fault] = [...(test.failure ?? []), ...(test.error ?? [])];
  if (fault !== undefined) {
    const message = typeof fault === "string" ? fault : (fault["@message"] ?? fault["#text"] ?? "");
    return { status: "failed", message };
  }
  if (test.skipped !== undefined || NOT_RUN.has(test["@status"])) return { status: "skipped" };
  return { status: "passed" };
}

function relativeTo(folder: string, file: string | undefined): string | undefined {
  const start = `${folder}/`;
  const plain = file?.startsWith("file://") === true ? file.slice("file://".length) : file;
  return plain?.startsWith(start) === true
    ? plain.slice(start.length)
    : plain?.replace(/^\.\//u, "");
}

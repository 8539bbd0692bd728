import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";

import { type ResultsFormat, readResults } from "./read-results.ts";

const FOLDER = "/work";

function read(format: ResultsFormat, ...texts: string[]): Record<string, string> {
  const files = texts.map((text) => new TextEncoder().encode(text));
  const found = readResults(format, files, FOLDER);
  return Object.fromEntries(found.map(({ name, status }) => [name, status]));
}

const PYTEST = `<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" errors="0" failures="1" tests="3"><testcase classname="tests.test_parser" name="test_line[a &lt; b]" time="0.1" /><testcase classname="tests.test_parser.TestX" name="test_column"><failure message="assert 1 == 2">def test_column():</failure></testcase><testcase classname="" name="tests.test_broken"><error message="collection failure">ImportError</error></testcase></testsuite></testsuites>`;

test("JUnit as pytest writes it", () => {
  expect(read("junit", PYTEST)).toEqual({
    "tests.test_parser :: test_line[a < b]": "passed",
    "tests.test_parser.TestX :: test_column": "failed",
    "tests.test_broken": "failed",
  });
});

test("a failed test says why, shortly", () => {
  const long = PYTEST.replace("assert 1 == 2", "x".repeat(10_000));
  const [, second] = readResults("junit", [new TextEncoder().encode(long)], FOLDER);
  expect(second?.message).toHaveLength(500);
});

test("JUnit as Maven and vitest write it, in several files", () => {
  const maven = `<testsuite name="a.ParserTest"><testcase name="line" classname="a.ParserTest"/></testsuite>`;
  const vitest = `<testsuites><testsuite name="test/a.test.ts"><testcase classname="test/a.test.ts" name="parser &gt; reads"><skipped/></testcase></testsuite></testsuites>`;
  expect(read("junit", maven, vitest)).toEqual({
    "a.ParserTest :: line": "passed",
    "test/a.test.ts :: parser > reads": "skipped",
  });
});

let place = "";

const NODE_TESTS = `import { describe, it, test } from "node:test";
test('top <&> "x"', () => {});
test("fails", () => { throw new Error("no"); });
describe("parser", () => {
  it("reads", () => {});
  it("is skipped", { skip: true }, () => {});
  it.todo("later");
  describe("inner", () => it("deep", () => { throw new Error("no"); }));
});
`;

beforeAll(async () => {
  place = mkdtempSync(path.join(tmpdir(), "results-"));
  writeFileSync(path.join(place, "a.test.mjs"), NODE_TESTS);
  const reporters = [
    ["tap", "results.tap"],
    ["junit", "results.xml"],
  ].flatMap(([name, file]) => [
    `--test-reporter=${String(name)}`,
    `--test-reporter-destination=${String(file)}`,
  ]);
  await execa(process.execPath, ["--test", ...reporters, "a.test.mjs"], {
    cwd: place,
    reject: false,
  });
});

afterAll(() => rmSync(place, { recursive: true }));

test("TAP as node:test writes it", () => {
  expect(read("tap", readFileSync(path.join(place, "results.tap"), "utf8"))).toEqual({
    'top <&> "x"': "passed",
    fails: "failed",
    parser: "failed",
    "parser :: reads": "passed",
    "parser :: is skipped": "skipped",
    "parser :: later": "skipped",
    "parser :: inner": "failed",
    "parser > inner :: deep": "failed",
  });
});

test("JUnit as node:test writes it, with files relative to the working folder", () => {
  const bytes = readFileSync(path.join(place, "results.xml"));
  const found = readResults("junit", [bytes], place).map(({ name, status }) => [name, status]);
  expect(found).toContainEqual(["a.test.mjs :: fails", "failed"]);
  expect(found).toContainEqual(["a.test.mjs :: parser :: reads", "passed"]);
  expect(found).toContainEqual(["a.test.mjs :: parser.inner :: deep", "failed"]);
  expect(found).toContainEqual(["a.test.mjs :: parser :: is skipped", "skipped"]);
});

const GO = [
  { Action: "start", Package: "example.com/m/p" },
  { Action: "run", Package: "example.com/m/p", Test: "TestLine" },
  { Action: "output", Package: "example.com/m/p", Test: "TestLine", Output: "--- PASS" },
  { Action: "pass", Package: "example.com/m/p", Test: "TestLine", Elapsed: 0 },
  { Action: "run", Package: "example.com/m/p", Test: "TestPanics/sub" },
  { Action: "fail", Package: "example.com/m/p", Elapsed: 0 },
]
  .map((line) => JSON.stringify(line))
  .join("\n");

test("the lines of go test -json, with a test that a panic ended", () => {
  expect(read("go_json", `# example.com/m/p\n${GO}\n`)).toEqual({
    "example.com/m/p :: TestLine": "passed",
    "example.com/m/p :: TestPanics/sub": "failed",
  });
});

test("a Go package that could not be built, as Go says it before 1.24 and since", () => {
  expect(read("go_json", `FAIL\texample.com/m/q [build failed]\n${GO}\n`)).toMatchObject({
    "example.com/m/q :: build": "failed",
  });
  const end = { Action: "fail", Package: "example.com/m/q", FailedBuild: "example.com/m/q.test" };
  expect(read("go_json", `${GO}\n${JSON.stringify(end)}\n`)).toMatchObject({
    "example.com/m/q :: build": "failed",
    "example.com/m/p :: TestLine": "passed",
  });
});

function suite(...tests: readonly string[]): string {
  return `<testsuite name="s">${tests.join("")}</testsuite>`;
}

test("of results with one name, the worst counts", () => {
  const once = `<testcase classname="A" name="x"/>`;
  const failed = `<testcase classname="A" name="x"><failure/></testcase>`;
  const skipped = `<testcase classname="A" name="x"><skipped/></testcase>`;
  expect(read("junit", suite(failed, once))).toEqual({ "A :: x": "failed" });
  expect(read("junit", suite(once), suite(skipped))).toEqual({ "A :: x": "skipped" });
});

test("a report without tests is whole: nothing was run", () => {
  expect(read("junit", `<testsuites/>`)).toEqual({});
  expect(read("junit", `<testsuites><testsuite name="x"/></testsuites>`)).toEqual({});
  expect(read("tap", "TAP version 13\n1..0\n")).toEqual({});
});

const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><testsuite name="&b;"/>`;
const deep = `<testsuites>${"<testsuite>".repeat(5000)}${"</testsuite>".repeat(5000)}</testsuites>`;
const many = `<testsuite>${Array.from({ length: 50_001 }, (_, index) => `<testcase name="${String(index)}"/>`).join("")}</testsuite>`;

test.each<readonly [string, ResultsFormat, readonly string[], RegExp]>([
  ["no file at all", "junit", [], /^there is no file$/u],
  ["an empty file", "junit", [" \n"], /^it is empty$/u],
  ["JUnit that is cut off", "junit", [PYTEST.slice(0, 300)], /^it is not a whole XML document: /u],
  ["JUnit with entities of its own", "junit", [bomb], /^it declares entities$/u],
  ["JUnit with suites that are too deep", "junit", [deep], /deep|Maximum/u],
  ["JUnit with too many tests", "junit", [many], /^there are more than 50000 tests$/u],
  ["other XML", "junit", ["<html><body/></html>"], /^it has no <testsuites> and no <testsuite>$/u],
  ["text", "junit", ["All 5 tests passed"], /XML document/u],
  ["TAP without a plan", "tap", ["TAP version 13\nok 1 - a\n"], /^it has no plan$/u],
  [
    "TAP that ends too early",
    "tap",
    ["TAP version 13\n1..3\nok 1 - a\n"],
    /^it is not a whole report: /u,
  ],
  [
    "TAP that bails out",
    "tap",
    ["TAP version 13\n1..1\nBail out! no disk\n"],
    /^the tests bailed out$/u,
  ],
  ["text", "tap", ["All 5 tests passed"], /^it has no plan$/u],
  ["go_json that is cut in a line", "go_json", [GO.slice(0, -8)], /^line 6 is not a line of/u],
  [
    "go_json that is cut between lines",
    "go_json",
    [GO.split("\n").slice(0, 4).join("\n")],
    /^the package example\.com\/m\/p does not end$/u,
  ],
  ["text", "go_json", ["ok  example.com/m/p 0.01s"], /^it names no package$/u],
])("%s is a fault of the %s", (...[, format, texts, message]) => {
  expect(() => read(format, ...texts)).toThrow(message);
});

test("a huge file is refused unread", () => {
  const bytes = new Uint8Array(16 * 1024 * 1024 + 1);
  expect(() => readResults("tap", [bytes], FOLDER)).toThrow("it has more than 16777216 bytes");
});

test("a name that JavaScript knows is only a name", () => {
  const text = `<testsuite name="__proto__"><testcase classname="constructor" name="__proto__"/></testsuite>`;
  expect(readResults("junit", [new TextEncoder().encode(text)], FOLDER)).toEqual([
    { name: "constructor :: __proto__", status: "passed" },
  ]);
});

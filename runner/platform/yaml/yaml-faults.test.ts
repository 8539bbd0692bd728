import { expect, test } from "vitest";
import { z } from "zod";

import { ConfigurationError } from "../environment/configuration-error.ts";
import { fieldHints } from "./field-hints.ts";
import { parseYamlFile } from "./yaml-faults.ts";

const Schema = z.strictObject({
  name: z.string(),
  seconds: z.int().positive().register(fieldHints, {
    expected: "a positive integer",
    mend: "Write seconds, e.g. 600.",
  }),
  mode: z.enum(["warn", "block"]).default("warn"),
  parts: z
    .record(z.string(), z.strictObject({ sizes: z.array(z.int()) }))
    .optional()
    .register(fieldHints, { expected: "a map of parts", mend: "Write one part a line." }),
  paint: z
    .union([
      z.string().min(1),
      z.strictObject({
        coats: z.int().register(fieldHints, { expected: "a count", mend: "Write e.g. 2." }),
      }),
    ])
    .optional()
    .register(fieldHints, { expected: "a colour, or its coats", mend: "Write e.g. red." }),
});

function parse(text: string): z.infer<typeof Schema> {
  return parseYamlFile("some/file.yaml", text, Schema);
}

test("a good file gives its value with the defaults in it", () => {
  expect(parse("name: a\nseconds: 5\n")).toEqual({ name: "a", seconds: 5, mode: "warn" });
});

test.each([
  {
    fault: "a value of the wrong type",
    text: 'name: a\nseconds: "10s"\n',
    message:
      'some/file.yaml:2: expected "seconds" to be a positive integer, got "10s". Write seconds, e.g. 600.',
  },
  {
    fault: "a value out of range",
    text: "name: a\n# a comment\nseconds: -5\n",
    message:
      'some/file.yaml:3: expected "seconds" to be a positive integer, got -5. Write seconds, e.g. 600.',
  },
  {
    fault: "a missing field",
    text: "# a comment\nname: a\n",
    message:
      'some/file.yaml:2: expected "seconds" to be a positive integer, got nothing. Write seconds, e.g. 600.',
  },
  {
    fault: "a field without a hint",
    text: "name: 7\nseconds: 5\n",
    message: 'some/file.yaml:1: expected "name" to be a text, got 7. Correct the value.',
  },
  {
    fault: "an unknown value",
    text: "name: a\nseconds: 5\nmode: maybe\n",
    message:
      'some/file.yaml:3: expected "mode" to be "warn" or "block", got "maybe". Correct the value.',
  },
  {
    fault: "an unknown field",
    text: "name: a\nseconds: 5\nsecnds: 6\n",
    message:
      'some/file.yaml:3: expected a known field, got "secnds". Did you mean "seconds"? Known fields: name, seconds, mode, parts, paint.',
  },
  {
    fault: "an unknown field further in",
    text: "name: a\nseconds: 5\nparts:\n  x:\n    sizes: []\n    colour: red\n",
    message: 'some/file.yaml:6: expected a known field, got "parts.x.colour". Known fields: sizes.',
  },
  {
    fault: "an item of a list",
    text: "name: a\nseconds: 5\nparts:\n  x:\n    sizes:\n      - 1\n      - two\n",
    message:
      'some/file.yaml:7: expected "parts.x.sizes.1" to be a number, got "two". Correct the value.',
  },
  {
    fault: "a hint on a wrapped field",
    text: "name: a\nseconds: 5\nparts: 6\n",
    message:
      'some/file.yaml:3: expected "parts" to be a map of parts, got 6. Write one part a line.',
  },
  {
    fault: "a field of the kind that is meant",
    text: "name: a\nseconds: 5\npaint:\n  coats: .nan\n",
    message: 'some/file.yaml:4: expected "paint.coats" to be a count, got NaN. Write e.g. 2.',
  },
  {
    fault: "an unknown field of the kind that is meant",
    text: "name: a\nseconds: 5\npaint: { coats: 1, colour: red }\n",
    message: 'some/file.yaml:3: expected a known field, got "paint.colour". Known fields: coats.',
  },
  {
    fault: "a value of no kind",
    text: "name: a\nseconds: 5\npaint: 7\n",
    message:
      'some/file.yaml:3: expected "paint" to be a colour, or its coats, got 7. Write e.g. red.',
  },
  {
    fault: "a file without a map",
    text: "- a\n",
    message:
      'some/file.yaml:1: expected the file to be a map of fields, got ["a"]. Correct the value.',
  },
])("$fault is refused with its line", ({ text, message }) => {
  expect(() => parse(text)).toThrow(new ConfigurationError(message));
});

test("bad YAML is refused with its line and its reason", () => {
  expect(() => parse("name: a\nseconds: [1, 2\nmode: warn\n")).toThrow(
    /^some\/file\.yaml:\d: expected valid YAML, got: .+\. Correct the YAML syntax here\.$/mu,
  );
  expect(() => parse("name: a\nname: b\nseconds: 1\n")).toThrow(
    "some/file.yaml:2: expected valid YAML, got: Map keys must be unique. Correct the YAML syntax here.",
  );
});

test("every fault is told, in the order of the lines", () => {
  expect(() => parse("seconds: 0\nname: 7\n")).toThrow(
    /^some\/file\.yaml:1: .*"seconds".*\nsome\/file\.yaml:2: .*"name"/u,
  );
});

test("an alias that grows without end is refused", () => {
  const bomb = ["a: &a [x, x]", "b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]"];
  for (const [next, last] of ["cb", "dc", "ed", "fe"]) {
    bomb.push(`${next}: &${next} [${Array.from({ length: 9 }, () => `*${last}`).join(", ")}]`);
  }
  expect(() => parse(bomb.join("\n"))).toThrow(/^some\/file\.yaml:2: expected plain YAML, got: /u);
});

test.each([
  ["lists", `name:\n  ${"[".repeat(200_000)}`],
  ["lists that end", `name:\n  ${"[".repeat(50_000)}${"]".repeat(50_000)}`],
  ["maps", `name:\n  ${"{ a: ".repeat(50_000)}`],
  ["items of items", `name:\n  ${"- ".repeat(50_000)}a`],
  ["keys of keys", `name:\n  ${"? ".repeat(50_000)}a`],
])("%s inside each other without end are refused with their line", (_, text) => {
  expect(() => parse(text)).toThrow(
    "some/file.yaml:2: expected at most 100 levels of lists and maps, got more. Leave some out.",
  );
});

test("a hundred levels are no more than that", () => {
  expect(() => parse(`name: ${"[".repeat(90)}${"]".repeat(90)}\nseconds: 5\n`)).toThrow(
    'some/file.yaml:1: expected "name" to be a text, got [[',
  );
});

test("merge keys take the fields of other maps, and own fields win", () => {
  const text = [
    "seconds: &s 5",
    "name: a",
    "parts:",
    "  x: &x { sizes: [1, 2] }",
    "  y: { <<: *x }",
    "  z: { <<: [*x], sizes: [3] }",
  ];
  expect(parse(text.join("\n")).parts).toEqual({
    x: { sizes: [1, 2] },
    y: { sizes: [1, 2] },
    z: { sizes: [3] },
  });
});

test("a fault in a merged field is told at the map that merges", () => {
  expect(() =>
    parse(
      "name: a\nseconds: 5\nparts:\n  x: &x { sizes: [1] }\n  y:\n    <<: *x\n    colour: red\n",
    ),
  ).toThrow('some/file.yaml:7: expected a known field, got "parts.y.colour".');
});

test.each(["5", "[1, 2]", "text"])("a merge key with %s is refused with its line", (value) => {
  expect(() => parse(`name: a\nseconds: 5\nparts:\n  x: { <<: ${value} }\n`)).toThrow(
    "some/file.yaml:4: expected plain YAML, got: ",
  );
});

test("an alias inside its own anchor is refused", () => {
  expect(() => parse("seconds: 5\nname: &a [*a]\n")).toThrow(
    /^some\/file\.yaml:2: expected plain YAML, got: .+\. Write the values without aliases\.$/u,
  );
});

test.each([
  ["at the top", "name: a\n__proto__: { seconds: 5 }\n"],
  ["in quotes", 'name: a\n"__proto__": 5\nseconds: 5\n'],
  ["in a map of any names", "name: a\nparts: { __proto__: { sizes: [] } }\nseconds: 5\n"],
])("the key __proto__ is refused %s", (_, text) => {
  expect(() => parse(text)).toThrow(
    'some/file.yaml:2: expected a name, got "__proto__", which is reserved. Write another name.',
  );
});

test("names that every object has are names like others", () => {
  const text =
    "name: a\nseconds: 5\nparts: { constructor: { sizes: [1] }, toString: { sizes: [] } }";
  expect(Object.keys(parse(text).parts ?? {})).toEqual(["constructor", "toString"]);
});

function fields(count: number): string {
  return Array.from({ length: count }, (_, index) => `k${String(index)}: 1`).join("\n");
}

test("a file of nothing but faults is refused in a moment, and they are counted", () => {
  expect(() => parse(`name: a\nseconds: 5\n${fields(2000)}`)).toThrow("… and 1990 more.");
});

test("a map with too many entries is refused with the line of the first one too many", () => {
  expect(() => parse(`name: a\nseconds: 5\n${fields(50_000)}`)).toThrow(
    /^some\/file\.yaml:1000\d: expected at most 10000 entries in a list or map, got more\. Leave some out\.$/u,
  );
});

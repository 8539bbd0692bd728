import { expect, test } from "vitest";

import type { ChangedFile } from "./git-history.ts";
import { protectedPaths } from "./protected-paths.ts";
import { refuseHistory, splitCommit, statementOf } from "./split-commit.ts";
import { namesToGuess } from "./unmentioned-names.ts";

function changed(path: string, facts: Partial<ChangedFile> = {}): ChangedFile {
  const plain = { status: "changed", kind: "file", isExecutable: false, isBinary: false } as const;
  return { path, ...plain, linesAdded: 1, linesRemoved: 0, ...facts };
}

function partOf(file: string) {
  if (file.startsWith("tests/data/")) return "support";
  return file.startsWith("tests/") ? "test" : "solution";
}

test("a commit is split into hidden tests, with their data, and the solution", () => {
  const split = splitCommit(
    [changed("tests/a.py"), changed("tests/data/x.bin", { isBinary: true }), changed("a.py")],
    partOf,
  );
  expect("why" in split ? split : split.hidden.map(({ path }) => path)).toEqual([
    "tests/a.py",
    "tests/data/x.bin",
  ]);
});

const TEST = changed("tests/a.py");

test.each([
  ["no_tests", [changed("a.py"), changed("tests/data/x.json")], "it changes no tests"],
  ["only_tests", [TEST], "it changes only tests"],
  [
    "deletes_tests",
    [TEST, changed("a.py"), changed("tests/b.py", { status: "deleted" })],
    "it deletes tests: tests/b.py",
  ],
  [
    "deletes_tests",
    [
      changed("tests/b.py", { status: "deleted" }),
      changed("tests/c.py", { status: "added" }),
      changed("a.py"),
    ],
    "it renames or deletes tests: tests/b.py",
  ],
  [
    "test_links",
    [changed("tests/a.py", { kind: "link" }), changed("a.py")],
    "its tests are links: tests/a.py",
  ],
  ["submodule", [TEST, changed("lib", { kind: "submodule" })], "it changes a submodule: lib"],
  [
    "binary",
    [TEST, changed("a.png", { isBinary: true }), changed("b.png", { isBinary: true })],
    "it changes a binary file: a.png and 1 more",
  ],
  ["dependencies", [TEST, changed("web/yarn.lock")], "it changes dependencies: web/yarn.lock"],
] as const)("a commit is left out: %s", (code, changes, why) => {
  expect(splitCommit(changes, partOf)).toEqual({ code, why });
});

test.each([
  [[], "First", "root"],
  [["a", "b"], "Join", "merge"],
  [["a"], "Merge pull request #4 from a/b", "merge"],
  [["a"], " \n", "empty_message"],
  [["a"], "Merge two lists", undefined],
])("a commit with the parents %j and the message %j: %s", (parents, message, code) => {
  expect(refuseHistory({ parents, message, isCutOff: false })?.code).toBe(code);
});

test("trailers are no part of the statement", () => {
  const body = "Name the line\n\nErrors name it.\nNote: not the column.";
  expect(statementOf(`${body}\n\nSigned-off-by: A <a@b>\nChange-Id: I12\n`)).toBe(body);
  expect(statementOf("Fixes: all of it")).toBe("Fixes: all of it");
});

test("a name that only the hidden tests and the solution have is one to guess", () => {
  const testsPatch = [
    "diff --git a/t.py b/t.py",
    "@@ -1 +1,4 @@",
    "+from shop import total_of, rounded",
    "+assert total_of(cart, strict=True) == helper(2)",
  ].join("\n");
  const solutionPatch = [
    "diff --git a/s.py b/s.py",
    "@@ -1 +1,2 @@",
    "+def total_of(cart, strict): pass",
    "+def rounded(value): pass",
  ].join("\n");
  const statement = "Add total_of, which sums a cart.";
  expect(namesToGuess({ testsPatch, solutionPatch, statement })).toEqual(["rounded", "strict"]);
});

test("a folder of tests stands for its files; settings that the solution changes are left out", () => {
  const files = [
    "go.mod",
    "package.json",
    "tests/a/b.py",
    "tests/c.py",
    "src/d_test.py",
    "src/d.py",
  ];
  expect(
    protectedPaths({
      files,
      settings: ["package.json", "go.mod"],
      isOfTests: (file) => file.startsWith("tests/") || file.includes("_test"),
      changed: ["go.mod", "src/d.py"],
    }),
  ).toEqual(["package.json", "src/d_test.py", "tests"]);
});

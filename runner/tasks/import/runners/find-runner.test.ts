import { expect, test } from "vitest";

import { findRunner, sorterOf } from "./find-runner.ts";
import type { CommitTree } from "./test-runner.ts";

function project(texts: Record<string, string>): CommitTree {
  return { files: Object.keys(texts), textOf: (file) => texts[file] };
}

const LOCKED = { "package-lock.json": "{}" };

/** A project for each runner, and a test and another file of it. */
const PROJECTS: readonly (readonly [string, Record<string, string>, readonly [string, string]])[] =
  [
    [
      "vitest",
      { "package.json": '{"devDependencies":{"vitest":"5"}}', ...LOCKED },
      ["src/a.test.ts", "src/a.ts"],
    ],
    ["jest", { "package.json": '{"scripts":{"test":"jest"}}' }, ["src/__tests__/a.js", "src/a.js"]],
    ["mocha", { "package.json": '{"devDependencies":{"mocha":"11"}}' }, ["test/a.js", "lib/a.js"]],
    [
      "node:test",
      { "package.json": '{"scripts":{"test":"node --test"}}' },
      ["test/a.mjs", "latest/a.mjs"],
    ],
    ["go test", { "go.mod": "module x\n" }, ["list/list_test.go", "list/list.go"]],
    ["cargo test", { "Cargo.toml": "[package]" }, ["tests/list.rs", "src/lib.rs"]],
    [
      "maven",
      { "pom.xml": "<project/>" },
      ["src/test/java/org/ListTest.java", "src/main/java/org/Test.java"],
    ],
    ["gradle", { "build.gradle.kts": "" }, ["api/src/test/kotlin/ListTest.kt", "api/List.kt"]],
    ["rspec", { ".rspec": "" }, ["spec/list_spec.rb", "lib/list.rb"]],
    ["pytest", { "tests/test_list.py": "", "a.py": "" }, ["pkg/test_list.py", "pkg/latest.py"]],
  ];

test.each(PROJECTS)("a project of %s is known, with its tests", (name, texts, files) => {
  const runner = findRunner(project(texts));
  expect(runner?.name).toBe(name);
  const partOf = runner === undefined ? () => "" : sorterOf(runner);
  expect(files.map((file) => partOf(file))).toEqual(["test", "solution"]);
});

test("nothing is known about a project without tests", () => {
  expect(findRunner(project({ "main.c": "" }))).toBeUndefined();
});

test("given patterns take the place of the runner's", () => {
  const runner = findRunner(project({ "go.mod": "" }));
  if (runner === undefined) throw new Error("There is no runner.");
  const partOf = sorterOf(runner, ["checks/**"]);
  expect(partOf("checks/list.go")).toBe("test");
  expect(partOf("list_test.go")).toBe("solution");
});

test("a package in a workspace is installed where the lock file is", () => {
  const tree = project({ "package.json": '{"devDependencies":{"vitest":"5"}}' });
  const files = [...tree.files, "../../package-lock.json"];
  const runner = findRunner({ ...tree, files });
  const inWorkspace = { ...tree, files };
  expect(runner?.setup(inWorkspace)?.runs).toEqual([
    ["sh", "-c", "cd ../../ && npm ci --no-audit --no-fund"],
  ]);
  expect(runner?.command(inWorkspace).run[0]).toBe("../../node_modules/.bin/vitest");
});

test.each([
  [
    "vendored packages",
    { "package.json": '{"devDependencies":{"vitest":"5"}}', "node_modules/a/b": "" },
  ],
  ["a runner on PATH", { "package.json": '{"scripts":{"test":"vitest run"}}' }],
  ["Python's standard library", { "tests/test_a.py": "", "requirements.txt": "# nothing\n" }],
])("%s need no setup", (_what, texts) => {
  const tree = project(texts);
  expect(findRunner(tree)?.setup(tree)).toBeUndefined();
});

test.each([
  ["the standard library", { "go.mod": "module x\n\ngo 1.19\n" }, 0],
  ["vendored modules", { "go.mod": "module x\n\nrequire y v1\n", "vendor/y/a.go": "" }, 0],
  ["modules", { "go.mod": "module x\n\nrequire y v1\n" }, 3],
] as const)("setup of a Go project with %s", (_what, texts, hosts) => {
  const tree = project(texts);
  expect(findRunner(tree)?.setup(tree)?.hosts.length).toBe(hosts);
});

test("setup of a Go project compiles the tests too", () => {
  const tree = project({ "go.mod": "module x\n" });
  expect(
    findRunner(tree)
      ?.setup(tree)
      ?.runs.map((run) => run.join(" ")),
  ).toEqual(["go build -buildvcs=false ./...", "sh -c go test -exec true ./... || true"]);
});

test("a Python package leaves only its dependencies in the environment", () => {
  const tree = project({
    "tests/test_a.py": "",
    "src/shop/a.py": "",
    "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["attrs>=20"]\n',
  });
  const runner = findRunner(tree);
  expect(runner?.setup(tree)?.runs.map((run) => run.slice(4).join(" "))).toEqual([
    "pip install --user --quiet pytest .",
    "pip uninstall --quiet --yes shop",
  ]);
  expect(runner?.command(tree).run.slice(0, 3)).toEqual(["env", "PYTHONPATH=src", "python3"]);
});

function countSteps(json: string): number | undefined {
  const tree = project({ "package.json": json, ...LOCKED });
  return findRunner(tree)?.setup(tree)?.runs.length;
}

test("jest gets a reporter, unless the project has it", () => {
  expect(countSteps('{"devDependencies":{"jest":"30"}}')).toBe(2);
  expect(countSteps('{"devDependencies":{"jest":"30","jest-junit":"16"}}')).toBe(1);
});

function canary(texts: Record<string, string>, sibling: string, text: string) {
  return findRunner(project(texts))?.canary?.({ sibling, text, marker: "x1" });
}

test("a canary of matchers loads what the test next to it loads", () => {
  const texts = { "package.json": JSON.stringify({ devDependencies: { vitest: "5" } }) };
  const sibling = `import { total } from "../src/shop.ts";\nimport { test } from "vitest";\n`;
  expect(canary(texts, "test/shop.test.ts", sibling)?.text).toBe(
    [
      `import { expect, test } from "vitest";\n`,
      `await import("../src/shop.ts").catch(() => undefined);`,
      `test("canary x1", () => { expect("this test").toBe("passing"); });\n`,
    ].join("\n"),
  );
});

test("a canary is next to a test, in the form of its runner", () => {
  expect(canary({ "go.mod": "" }, "list/list_test.go", "package list\n")).toEqual({
    path: "list/canary_x1_test.go",
    text: 'package list\n\nimport "testing"\n\nfunc TestCanaryx1(t *testing.T) {\n\tt.Fatal("This test has to fail.")\n}\n',
  });
  expect(
    canary(
      { "pom.xml": "" },
      "src/test/java/shop/ATest.java",
      "package shop;\nimport org.junit.Test;",
    ),
  ).toMatchObject({ path: "src/test/java/shop/CanaryX1Test.java" });
  expect(canary({ "Cargo.toml": "" }, "tests/a.rs", "")).toBeUndefined();
});

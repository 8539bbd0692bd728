import assert from "node:assert/strict";
import { test } from "node:test";

import { BuildGraph } from "../src/build-graph.ts";
import { readBuildFile } from "../src/build-file.ts";

test("a build file is read", () => {
  assert.deepEqual(readBuildFile("# tools\n\napp: lib main.c\n"), [{ target: "app", needs: ["lib", "main.c"] }]);
});

test("a target without needs is built", () => {
  assert.deepEqual(new BuildGraph("app:").order(), ["app"]);
});

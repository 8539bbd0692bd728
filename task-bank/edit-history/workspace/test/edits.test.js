import assert from "node:assert/strict";
import { test } from "node:test";

import { apply, invert, makeEdit } from "../src/edits.js";
import { History } from "../src/history.js";

test("a change is applied and taken back", () => {
  const edit = makeEdit("hello", { at: 0, remove: 1, insert: "J" });
  assert.equal(apply("hello", edit), "Jello");
  assert.equal(apply("Jello", invert(edit)), "hello");
});

test("a change is undone", () => {
  const history = new History({ text: "hello", limit: 3, joinMs: 1000, now: () => 0 });
  history.edit({ at: 5, insert: "!" });
  assert.equal(history.undo(), "typing");
  assert.equal(history.text(), "hello");
});

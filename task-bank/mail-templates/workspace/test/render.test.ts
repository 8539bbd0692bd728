import assert from "node:assert/strict";
import { test } from "node:test";

import { render } from "../src/render.ts";

test("values are escaped", () => {
  assert.equal(render("Dear {{user.name}}", { user: { name: "A & B" } }), "Dear A &amp; B");
});

test("a condition shows one of two blocks", () => {
  assert.equal(render("{{#if paid}}Thanks{{else}}Please pay{{/if}}", { paid: false }), "Please pay");
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { isArticleNumber, isEmailAddress } from "../src/formats.js";

test("formats are known", () => {
  assert.equal(isEmailAddress("ada@example.com"), true);
  assert.equal(isEmailAddress("ada"), false);
  assert.equal(isArticleNumber("AB-100"), true);
  assert.equal(isArticleNumber("AB100"), false);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { loadConfig } from "../src/load.js";

test("a later layer overrides an earlier one", () => {
  const layers = [
    { name: "defaults", text: "[web]\nport = 80\n" },
    { name: "site", text: "[web]\nport = ${PORT}\n" },
  ];
  assert.deepEqual(loadConfig(layers, { PORT: "81" }), { web: { port: "81" } });
});

import { expect, test } from "vitest";

import { readSettings } from "./registration.ts";
import { dataOption } from "./run-command.ts";

test.each([
  [{ config: null }, ""],
  [{ config: null, data_dir: "my data" }, " --data-dir 'my data'"],
  [
    { config: null, data_dir: "data", store: "postgres://me@host/db?sslmode=verify-full" },
    " --data-dir data --store 'postgres://me@host/db?sslmode=verify-full'",
  ],
])("a command that is shown names %j again", (paths, options) => {
  expect(dataOption(readSettings({ paths }))).toBe(options);
});

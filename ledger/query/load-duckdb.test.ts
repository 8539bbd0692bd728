import { expect, it } from "vitest";

import { DuckdbMissingError, loadDuckdb } from "./load-duckdb.ts";

it("says how to install DuckDB if it is missing", async () => {
  const missing = loadDuckdb(async () => await Promise.reject(new Error("Cannot find package")));
  await expect(missing).rejects.toThrow(DuckdbMissingError);
  await expect(missing).rejects.toThrow("npm install @duckdb/node-api");
});

it("loads DuckDB if it is installed", async () => {
  expect((await loadDuckdb()).version()).toMatch(/^v1\./);
});

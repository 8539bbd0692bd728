import { expect, it } from "vitest";

import { DuckdbMissingError } from "./duckdb-errors.ts";
import { loadDuckdb } from "./load-duckdb.ts";

it("says how to install DuckDB where it is not there", async () => {
  const missing = loadDuckdb(async () => await Promise.reject(new Error("Cannot find package")));
  await expect(missing).rejects.toThrow(DuckdbMissingError);
  await expect(missing).rejects.toThrow("npm install @duckdb/node-api");
});

it("loads it where it is", async () => {
  expect((await loadDuckdb()).version()).toMatch(/^v1\./);
});

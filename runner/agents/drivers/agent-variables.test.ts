import { expect, test } from "vitest";

import { passOn } from "./agent-variables.ts";

test("an agent gets neither the store's address nor what a database's client reads", () => {
  const secrets = {
    COUNTERBALANCE_STORE: "postgres://someone:sesame@host/ledger",
    PGPASSWORD: "sesame",
    PGHOST: "host",
    PGPASSFILE: "/home/someone/.pgpass",
  };
  expect(passOn({ ...secrets, PATH: "/bin" })).toEqual({ LANG: "C.UTF-8", PATH: "/bin" });
});

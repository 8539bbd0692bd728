import { expect, test } from "vitest";

import { secretsOfSession } from "./session-secrets.ts";

test("rows and output have stars in place of the password of a company's proxy", () => {
  const variables = { https_proxy: "http://me:word%40-4711@proxy.example:3128" };
  const secrets = secretsOfSession({
    configuration: { providers: [] },
    tasks: [],
    environment: { variables },
  });
  const header = `Basic ${btoa("me:word@-4711")}`;
  const row = { a: "word%40-4711", b: "asked http://me:word@-4711@proxy.example", c: header };
  const clean = JSON.stringify(secrets.redact(row));
  for (const said of ["4711", btoa("word@-4711").slice(0, -4), header.slice(-8)]) {
    expect(clean).not.toContain(said);
  }
  expect(secrets.inOutput()).toContain("word@-4711");
});

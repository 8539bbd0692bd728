import { existsSync } from "node:fs";
import path from "node:path";

import { execa } from "execa";
import { describe, expect, test } from "vitest";

import { WITHOUT } from "../../ledger/store/postgres/test-support/private-cluster.ts";
import { findBubblewrap } from "../agents/sandbox/find-bubblewrap.ts";
import { processEnvironment } from "../platform/environment/environment.ts";
import { BENCHES } from "./benches.ts";

/** For a hang. Five benches at once wait for each other. */
const LIMIT_MS = 900_000;
const MAIN = path.join(import.meta.dirname, "main.ts");
const environment = processEnvironment();
const isCi = environment.variables["CI"] === "true";
const hasBubblewrap = isCi || (await findBubblewrap(environment)) !== undefined;
/** What a bench lacks on this machine, after its name. In continuous integration no bench may lack anything. */
const LACKS: Readonly<Record<string, string>> = {
  workers: WITHOUT,
  "first-report": isCi ? "" : ": it installs every package, in continuous integration only",
  sandbox: hasBubblewrap ? "" : ": bubblewrap does not work here",
};
/** CPU and memory are read there. */
const hasProc = existsSync("/proc/self/stat");

describe.skipIf(!hasProc)(`the shortened bench${hasProc ? "" : ": there is no /proc"}`, () => {
  for (const name of Object.keys(BENCHES)) {
    const lacks = LACKS[name] ?? "";
    test.skipIf(lacks !== "")(
      `${name} prints its figures${lacks}`,
      { concurrent: true, timeout: LIMIT_MS },
      async () => {
        const env = { BENCH_SHORT: "1", NODE_NO_WARNINGS: "1" };
        const { stdout } = await execa(process.execPath, [MAIN, name], { env });
        const [title, ...lines] = stdout.split("\n");
        expect(title).toBe(`## ${name}`);
        const figures = lines.filter((line) => !/^targets?:/u.test(line));
        expect(figures.join("\n")).toMatch(/\d (?:ms|s|MiB|rows|runs|messages|scenarios)\b/u);
        expect(figures.join("\n")).not.toMatch(/NaN|Infinity|undefined|\bn\/a\b/u);
      },
    );
  }
});

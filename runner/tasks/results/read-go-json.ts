import { z } from "zod";

import { parseJson } from "../../../ledger/domain/parse-json.ts";
import { BUILD, Results, ResultsFault, type TestResult, testName } from "./test-result.ts";

const Line = z.looseObject({
  Action: z.string(),
  Package: z.string().optional(),
  Test: z.string().optional(),
  Output: z.string().optional(),
  /** From Go 1.24 on: what of a package could not be built. */
  FailedBuild: z.string().optional(),
});

const ENDS = { pass: "passed", fail: "failed", skip: "skipped" } as const;

/** Go before 1.24 says in a plain line only that a package was not built. Its tests did not run. */
const NOT_BUILT = /^FAIL\t(?<name>\S+) \[(?:build|setup) failed\]$/u;

/** What `go test -json` says about a package. */
interface Package {
  readonly open: Set<string>;
  hasEnded: boolean;
}

/** Reads the lines of `go test -json`. @throws ResultsFault */
export function readGoJson(text: string): readonly TestResult[] {
  const results = new Results();
  const packages = new Map<string, Package>();
  for (const [index, line] of text.split("\n").entries()) {
    // Go's own tools may add plain lines, such as those about a package that can't be built.
    if (!line.startsWith("{")) {
      const unbuilt = NOT_BUILT.exec(line)?.groups?.["name"];
      if (unbuilt !== undefined) {
        packages.set(unbuilt, { open: new Set(), hasEnded: true });
        results.add({ name: testName([unbuilt], BUILD), status: "failed" });
      }
      continue;
    }
    const read = Line.safeParse(parseJson(line));
    if (!read.success) {
      throw new ResultsFault(`line ${String(index + 1)} is not a line of \`go test -json\``);
    }
    receive(read.data, packages, results);
  }
  if (packages.size === 0) throw new ResultsFault("it names no package");
  for (const [name, { open, hasEnded }] of packages) {
    if (!hasEnded) throw new ResultsFault(`the package ${name} does not end`);
    // A panic ends the package and all of its tests.
    for (const test of open) results.add({ name: testName([name], test), status: "failed" });
  }
  return results.list();
}

function receive(
  { Action: action, Package: name, Test: test, FailedBuild: unbuilt }: z.output<typeof Line>,
  packages: Map<string, Package>,
  results: Results,
): void {
  if (name === undefined) return;
  const one = packages.get(name) ?? { open: new Set(), hasEnded: false };
  packages.set(name, one);
  const status = isEnd(action) ? ENDS[action] : undefined;
  if (test === undefined) {
    one.hasEnded ||= status !== undefined;
    if (unbuilt !== undefined) results.add({ name: testName([name], BUILD), status: "failed" });
  } else if (status === undefined) {
    one.open.add(test);
  } else {
    one.open.delete(test);
    results.add({ name: testName([name], test), status });
  }
}

function isEnd(action: string): action is keyof typeof ENDS {
  return Object.hasOwn(ENDS, action);
}

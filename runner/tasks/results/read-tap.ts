import { type FinalResults, Parser } from "tap-parser";

import { Results, ResultsFault, type TestResult, testName } from "./test-result.ts";

const DEPTH_MAX = 50;
const PLAN = /^1\.\.\d+/mu;

/**
 * Reads a report in the Test Anything Protocol. The name of a subtest follows those of its parents.
 * @throws ResultsFault
 */
export function readTap(text: string): readonly TestResult[] {
  const results = new Results();
  const parser = new Parser();
  let isTooDeep = false;
  const listen = (to: Parser, parents: readonly string[]): void => {
    to.on("assert", ({ ok, name, skip, todo, diag }) => {
      const isLeftOut = Boolean(skip) || Boolean(todo);
      const status = isLeftOut ? "skipped" : ok ? "passed" : "failed";
      results.add({
        name: testName([parents.join(" > ")], name),
        status,
        ...(status === "failed" ? { message: describe(diag) } : {}),
      });
    });
    to.on("child", (child: Parser) => {
      if (parents.length >= DEPTH_MAX) isTooDeep = true;
      else listen(child, [...parents, child.name]);
    });
  };
  listen(parser, []);
  let final: FinalResults | undefined;
  parser.on("complete", (found) => {
    final = found;
  });
  parser.end(text);
  if (isTooDeep) throw new ResultsFault("its subtests are too deep");
  const fault = final === undefined ? "it does not end" : faultOf(final, text);
  if (fault !== undefined) throw new ResultsFault(fault);
  return results.list();
}

/** A report whose plan is missing or differs from its tests was cut off. */
function faultOf({ bailout, plan, failures }: FinalResults, text: string): string | undefined {
  if (bailout !== false && bailout !== undefined) return "the tests bailed out";
  // The parser makes up a plan for a text without tests.
  if (plan.start === null || plan.end === null || !PLAN.test(text)) return "it has no plan";
  const broken = failures.find((failure) => "tapError" in failure && failure.tapError);
  return broken === undefined ? undefined : `it is not a whole report: ${String(broken.tapError)}`;
}

function describe(diagnostics: unknown): string {
  if (typeof diagnostics !== "object" || diagnostics === null) return "";
  const { error, message }: { error?: unknown; message?: unknown } = diagnostics;
  const said = error ?? message;
  return typeof said === "string" ? said : "";
}

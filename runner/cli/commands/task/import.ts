import { tmpdir } from "node:os";
import path from "node:path";

import { EXIT } from "../../../../ledger/domain/exit-codes.ts";
import { countNoun } from "../../../../reports/text/number-text.ts";
import { plainTable } from "../../../../reports/text/plain-table.ts";
import { toPlainLine } from "../../../../reports/text/plain-text.ts";
import { COLUMNS, cutText, wrapText } from "../../../../reports/text/wrap-text.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { type ImportRequest, readImportRequest } from "../../../tasks/import/import-request.ts";
import {
  type ImportResult,
  type ImportedCommit,
  importTasks,
} from "../../../tasks/import/import-tasks.ts";
import { enterOverlayNamespace } from "../../../tasks/setup/overlay-namespace.ts";
import { columnsOf } from "../../columns.ts";
import type { CodeOf } from "../../definition.ts";
import { jsonOr } from "../../result.ts";
import type { taskImport as definition } from "./definition.ts";

/** Makes tasks from commits, proves each, and shows what became of every commit. */
export const taskImport: CodeOf<typeof definition> = async (options, environment) => {
  const request = readImportRequest(options, environment);
  await enterOverlayNamespace(tmpdir(), environment);
  const interrupt = new AbortController();
  const close = environment.onInterrupt(() => {
    environment.stderr.write("Interrupted: the tasks that are done stay.\n");
    interrupt.abort();
  });
  try {
    const result = await importTasks(request, {
      environment,
      signal: interrupt.signal,
      onProgress: (line) => environment.stderr.write(`${line}\n`),
    });
    const output = jsonOr(options, result, () => describe(result, request, environment));
    return { exitCode: exitCodeOf(result), output };
  } finally {
    close();
  }
};

function exitCodeOf({ commits, isInterrupted }: ImportResult) {
  if (isInterrupted) return EXIT.interrupted;
  return commits.some(({ status }) => status === "kept") ? EXIT.done : EXIT.failed;
}

const HEAD = ["COMMIT", "LINES", "TESTS", "RESULT"];

function describe(
  { bank, commits, isInterrupted }: ImportResult,
  { since }: ImportRequest,
  environment: Environment,
): string {
  const columns = columnsOf(environment) ?? COLUMNS;
  if (commits.length === 0 && since !== undefined && !isInterrupted) {
    return `no commits since ${since}; take an earlier --since`;
  }
  const kept = commits.filter(({ status }) => status === "kept");
  const folder = path.relative(environment.cwd, bank) || ".";
  return [
    plainTable([HEAD, ...commits.map(rowOf)], { columns, wrap: "RESULT" }),
    "",
    ...kept.flatMap(flagsOf),
    ...printedBy(commits, columns),
    `${countNoun(kept.length, "task")} of ${countNoun(commits.length, "commit")} in ${folder}`,
    ...(kept.length === 0 ? [] : [`Look at them: experiment task list --bank ${folder}`]),
  ].join("\n");
}

/** What the tests of the first commit without a passing test printed. The others mostly print the same. */
function printedBy(commits: readonly ImportedCommit[], columns: number): readonly string[] {
  const one = commits.find(({ printed = [] }) => printed.length > 0);
  if (one?.printed === undefined) return [];
  return [
    `The tests of ${one.commit} print at their end:`,
    ...one.printed.map((line) => cutText(toPlainLine(line), columns)),
    "If a program is missing, install it, and import again.",
    "",
  ];
}

function rowOf(one: ImportedCommit): readonly string[] {
  const { commit, subject, lines, failToPass } = one;
  const said =
    one.status === "kept"
      ? `kept: ${one.task ?? ""}`
      : `left out: ${one.why ?? ""} ("${toPlainLine(subject)}")`;
  return [
    commit,
    lines === undefined ? "" : String(lines),
    failToPass?.toString() ?? "",
    toPlainLine(said),
  ];
}

function flagsOf({ task = "", namesToGuess = [], flaky = [] }: ImportedCommit): readonly string[] {
  const flags = [
    namesToGuess.length === 0
      ? []
      : [`${task}: only the hidden tests say these names: ${namesToGuess.join(", ")}`],
    flaky.length === 0 ? [] : [`${task}: left out as flaky: ${flaky.join("; ")}`],
  ];
  return flags.flat().flatMap((flag) => wrapText(toPlainLine(flag)));
}

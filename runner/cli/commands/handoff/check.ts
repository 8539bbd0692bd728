import path from "node:path";

import { EXIT } from "../../../../ledger/domain/exit-codes.ts";
import { countNoun } from "../../../../reports/text/number-text.ts";
import { toPlainLine } from "../../../../reports/text/plain-text.ts";
import { ConfigurationError } from "../../../platform/environment/configuration-error.ts";
import { readText } from "../../../platform/yaml/read-yaml-file.ts";
import type { Review } from "../../../teams/check-round.ts";
import type { Handoff } from "../../../teams/handoff-schema.ts";
import { parseHandoff, parseHandoffAfter } from "../../../teams/read-handoff.ts";
import type { CodeOf, OptionsOf } from "../../definition.ts";
import { doneWith, jsonOr, type Result } from "../../result.ts";
import type { handoffCheck as definition } from "./definition.ts";

type Options = OptionsOf<typeof definition>;

/** Checks a handoff, and names each of its faults with its line. */
export const handoffCheck: CodeOf<typeof definition> = (options, { cwd }) => {
  const read = (file: string) => readText(path.resolve(cwd, file), "Name a Markdown file.");
  const review = options.after === undefined ? null : readReview(options.after, read);
  return Promise.resolve(resultOf(options, read(options.file), review));
};

/** The review that the checked handoff follows. Its own faults are faults of the call. */
function readReview(file: string, read: (file: string) => string): Review {
  const handoff = parseHandoff(file, read(file));
  if (handoff.handoff === "review") return handoff;
  throw new ConfigurationError(
    `--after: expected a review, got the kind "${handoff.handoff}" in ${file}. Name the review before.`,
  );
}

function resultOf(options: Options, text: string, review: Review | null): Result {
  const { file } = options;
  try {
    const handoff =
      review === null ? parseHandoff(file, text) : parseHandoffAfter(review, file, text);
    const data = { valid: true, faults: [], handoff };
    return doneWith(options, data, () => describe(file, handoff));
  } catch (cause) {
    if (!(cause instanceof ConfigurationError)) throw cause;
    const faults = cause.message.split("\n").map((line) => toPlainLine(line));
    const data = { valid: false, faults, handoff: null };
    return { exitCode: EXIT.failed, output: jsonOr(options, data, () => faults.join("\n")) };
  }
}

function describe(file: string, handoff: Handoff): string {
  const line = `${file}: a valid ${handoff.handoff} handoff of the role ${handoff.role}: ${contentOf(handoff)}.`;
  return toPlainLine(line);
}

function contentOf(handoff: Handoff): string {
  switch (handoff.handoff) {
    case "plan":
      return `${criteria(handoff.criteria.length)}, at most ${countNoun(handoff.changed_lines_max, "changed line")}`;
    case "implementation":
      return `${countNoun(handoff.files.length, "file")}, ${countNoun(handoff.tests.length, "test command")}`;
    case "review":
      return `${handoff.verdict}, ${countNoun(handoff.findings.length, "finding")}, ${String(openOf(handoff.findings))} open`;
    case "documentation":
      return countNoun(Object.keys(handoff.deliverables).length, "deliverable");
  }
}

function openOf(findings: readonly { readonly status: string }[]): number {
  return findings.filter(({ status }) => status === "open").length;
}

function criteria(count: number): string {
  return count === 1 ? "1 criterion" : `${String(count)} criteria`;
}

import path from "node:path";

import type { Churn } from "../../../ledger/domain/window.ts";
import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { readText } from "../../platform/yaml/read-yaml-file.ts";
import { parseHandoff } from "../../teams/read-handoff.ts";

/** Reads a plan before anything is counted, so that a wrong file leaves no row. */
export function readPlanned(file: string, { cwd }: Environment): number {
  const text = readText(path.resolve(cwd, file), "Name a Markdown file.");
  const handoff = parseHandoff(file, text);
  if (handoff.handoff === "plan") return handoff.changed_lines_max;
  throw new ConfigurationError(
    `--plan: expected a plan, got the kind "${handoff.handoff}" in ${file}. Name the plan that the work followed.`,
  );
}

/** The changed lines beside those that were planned. */
export function holdAgainst(planned: number, { insertions, deletions }: Churn) {
  const changed = insertions + deletions;
  return {
    changed_lines_max: planned,
    changed_lines: changed,
    over: Math.max(0, changed - planned),
  };
}

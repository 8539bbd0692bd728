import { readFileSync, statSync } from "node:fs";
import path from "node:path";

import { reasonOf } from "../../../../ledger/domain/errors.ts";
import { sayMeant } from "../../../../ledger/domain/nearest-name.ts";
import { analysisDocument } from "../../../../reports/document/analysis-document.ts";
import { readWindows } from "../../../../reports/evidence/windows-file/read-windows.ts";
import { renderTerminal } from "../../../../reports/format/render-terminal.ts";
import { DEFAULT_GATES, GateFile } from "../../../../reports/looks/gate-file.ts";
import {
  analyseWindows,
  analysisJson,
  candidatesOf,
} from "../../../../reports/report/analyse-windows.ts";
import type { AnalysedWindow } from "../../../../reports/statistics/candidate/window.ts";
import { ConfigurationError } from "../../../platform/environment/configuration-error.ts";
import { toolVersion } from "../../../platform/environment/package-folder.ts";
import { readYamlFile } from "../../../platform/yaml/read-yaml-file.ts";
import { columnsOf } from "../../columns.ts";
import type { CodeOf, OptionsOf } from "../../definition.ts";
import { doneWith } from "../../result.ts";
import type { analyze as definition } from "./definition.ts";

type AnalyzeOptions = OptionsOf<typeof definition>;

const DEFAULT_SEED = "1";
const BYTES_MAX = 200_000_000;

/** Runs all the statistics on a file of windows from anywhere. */
export const analyze: CodeOf<typeof definition> = async (options, environment) => {
  const { cwd } = environment;
  const text = readFile(options.file, path.resolve(cwd, options.file));
  const windows = readWindows({ name: options.file, text });
  checkBaseline(windows, options);
  const gates =
    options.gates === undefined
      ? DEFAULT_GATES
      : readYamlFile(path.resolve(cwd, options.gates), GateFile);
  const analysis = analyseWindows({
    windows,
    baseline: options.baseline,
    seed: options.seed ?? DEFAULT_SEED,
    gates: { ...gates, policy: options.policy ?? gates.policy },
    versions: { counterbalance: toolVersion(), node: process.version },
  });
  return doneWith(options, analysisJson(analysis), () =>
    renderTerminal(analysisDocument(analysis), { columns: columnsOf(environment) }),
  );
};

function readFile(name: string, file: string): string {
  const mend = "Name a CSV file or a JSON file of windows.";
  try {
    const { size } = statSync(file);
    if (size <= BYTES_MAX) return readFileSync(file, "utf8");
    throw new ConfigurationError(
      `${name}: expected at most ${String(BYTES_MAX)} bytes, got ${String(size)}. ${mend}`,
    );
  } catch (cause) {
    if (cause instanceof ConfigurationError) throw cause;
    throw new ConfigurationError(
      `${name}: expected a file that can be read, got: ${reasonOf(cause)}. ${mend}`,
    );
  }
}

function checkBaseline(
  windows: readonly AnalysedWindow[],
  { file, baseline }: AnalyzeOptions,
): void {
  const providers = [...new Set(windows.map(({ provider }) => provider))];
  const names = providers.join(", ") || "none";
  if (!providers.includes(baseline)) {
    throw new ConfigurationError(
      `--baseline: expected a provider of ${file}, got "${baseline}".${sayMeant(baseline, providers)} Its providers: ${names}.`,
    );
  }
  if (candidatesOf(windows, baseline).length === 0) {
    throw new ConfigurationError(
      `${file}: expected windows of another provider than the baseline "${baseline}", got none. Add what it is compared with.`,
    );
  }
}

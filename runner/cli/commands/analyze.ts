import { readFileSync, statSync } from "node:fs";
import path from "node:path";

import { analyseWindows, candidatesOf } from "../../../reports/analysis/analyse-windows.ts";
import { readWindows } from "../../../reports/analysis/read-windows.ts";
import { renderAnalysis } from "../../../reports/analysis/render-analysis.ts";
import { toJson } from "../../../reports/analysis/to-json.ts";
import { DEFAULT_GATES } from "../../../reports/decisions/gate-file.ts";
import type { AnalysedWindow } from "../../../reports/statistics/candidate/window.ts";
import { ConfigurationError } from "../../config/errors.ts";
import { readGateFile } from "../../config/read-gate-file.ts";
import type { Environment } from "../../environment.ts";
import { toolVersion } from "../../package-folder.ts";
import { readPolicy } from "../read-policy.ts";
import { done, type Result } from "../result.ts";

export interface AnalyzeOptions {
  readonly file: string;
  readonly baseline: string;
  readonly seed?: string;
  readonly gates?: string;
  readonly policy?: string;
  readonly json?: boolean;
}

const DEFAULT_SEED = "1";
const BYTES_MAX = 200_000_000;

/** The whole of the statistics on a file of windows from anywhere. */
export async function analyze(options: AnalyzeOptions, { cwd }: Environment): Promise<Result> {
  const text = readFile(options.file, path.resolve(cwd, options.file));
  const windows = readWindows({ name: options.file, text });
  checkBaseline(windows, options);
  const gates =
    options.gates === undefined ? DEFAULT_GATES : readGateFile(path.resolve(cwd, options.gates));
  const analysis = analyseWindows({
    windows,
    baseline: options.baseline,
    seed: options.seed ?? DEFAULT_SEED,
    gates: { ...gates, policy: readPolicy(options.policy) ?? gates.policy },
    versions: { counterbalance: toolVersion(), node: process.version },
  });
  return done(
    options.json === true ? JSON.stringify(toJson(analysis), null, 2) : renderAnalysis(analysis),
  );
}

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
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError(
      `${name}: expected a file that can be read, got: ${reason}. ${mend}`,
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
      `--baseline: expected a provider of ${file}, got "${baseline}". Its providers: ${names}.`,
    );
  }
  if (candidatesOf(windows, baseline).length === 0) {
    throw new ConfigurationError(
      `${file}: expected windows of another provider than the baseline "${baseline}", got none. Add what it is compared with.`,
    );
  }
}

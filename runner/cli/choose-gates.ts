import { existsSync } from "node:fs";
import path from "node:path";

import type { NewRow } from "../../ledger/domain/row.ts";
import { latestOf } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { gateFileSha256, type GateFile } from "../../reports/decisions/gate-file.ts";
import type { GatePolicy } from "../../reports/decisions/gate-thresholds.ts";
import { readRegisteredGates } from "../../reports/decisions/registered-gates.ts";
import { loadConfiguration } from "../config/load-configuration.ts";
import { readGateFile } from "../config/read-gate-file.ts";
import type { Environment } from "../environment.ts";
import { readPolicy } from "./read-policy.ts";

export interface GateOptions {
  readonly config?: string;
  readonly gates?: string;
  readonly policy?: string;
}

export interface ChosenGates {
  readonly chosen: GateFile;
  /** That of `--policy`, else the gate file's. */
  readonly policy: GatePolicy;
  readonly registeredSha256: string;
  /** The row to write where thresholds differ from those last recorded; else null. */
  readonly amendment: NewRow | null;
}

const DEFAULT_CONFIGURATION = "experiment.yaml";

/**
 * The thresholds to decide by: `--gates`, else the configuration's of the same experiment, else those
 * registered. Others than the last recorded ones are an amendment; `--policy` alone only asks.
 */
export function chooseGates(
  view: ExperimentView,
  options: GateOptions,
  environment: Environment,
): ChosenGates {
  const registered = readRegisteredGates(view);
  const current = registered.amended ?? registered.registered;
  const given = readGiven(view, options, environment) ?? current;
  const isChanged = gateFileSha256(given) !== gateFileSha256(current);
  return {
    chosen: given,
    policy: readPolicy(options.policy) ?? given.policy,
    registeredSha256: gateFileSha256(registered.registered),
    amendment: isChanged
      ? {
          record: "experiment_amended",
          experiment_id: view.experimentId,
          amended: { gates: { sha256: gateFileSha256(given), ...given } },
        }
      : null,
  };
}

function readGiven(
  view: ExperimentView,
  { gates, config }: GateOptions,
  environment: Environment,
): GateFile | undefined {
  if (gates !== undefined) return readGateFile(path.resolve(environment.cwd, gates));
  const file = path.resolve(environment.cwd, config ?? DEFAULT_CONFIGURATION);
  if (config === undefined && !existsSync(file)) return undefined;
  const configuration = loadConfiguration(config === undefined ? {} : { config }, environment);
  const name = latestOf(view.registrations.values())?.name;
  return configuration.name === name ? configuration.gates : undefined;
}

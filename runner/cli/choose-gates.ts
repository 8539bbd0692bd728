import { existsSync } from "node:fs";
import path from "node:path";

import type { NewRow } from "../../ledger/domain/row.ts";
import { latestOf } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import {
  gateFileSha256,
  GateFile,
  type GatePolicy,
  readRegisteredGates,
} from "../../reports/decisions/gate-file.ts";
import { loadConfiguration } from "../config/load-configuration.ts";
import type { Environment } from "../environment.ts";
import { readYamlFile } from "../yaml/read-yaml-file.ts";
import type { OptionsOf } from "./definitions/definition.ts";
import type { gate } from "./definitions/experiment-commands.ts";

export interface ChosenGates {
  readonly chosen: GateFile;
  /** The policy of `--policy`, otherwise of the gate file. */
  readonly policy: GatePolicy;
  readonly registeredSha256: string;
  /** The row to write if the thresholds differ from those last recorded; otherwise null. */
  readonly amendment: NewRow | null;
}

const DEFAULT_CONFIGURATION = "experiment.yaml";

/**
 * Chooses the thresholds: those of `--gates`, otherwise of the same experiment's configuration, otherwise
 * the registered ones. A difference from the last recorded ones is an amendment. `--policy` amends nothing.
 */
export function chooseGates(
  view: ExperimentView,
  options: OptionsOf<typeof gate>,
  environment: Environment,
): ChosenGates {
  const registered = readRegisteredGates(view);
  const current = registered.amended ?? registered.registered;
  const given = readGiven(view, options, environment) ?? current;
  const isChanged = gateFileSha256(given) !== gateFileSha256(current);
  return {
    chosen: given,
    policy: options.policy ?? given.policy,
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
  { gates, config }: OptionsOf<typeof gate>,
  environment: Environment,
): GateFile | undefined {
  if (gates !== undefined) return readYamlFile(path.resolve(environment.cwd, gates), GateFile);
  const file = path.resolve(environment.cwd, config ?? DEFAULT_CONFIGURATION);
  if (config === undefined && !existsSync(file)) return undefined;
  const configuration = loadConfiguration(config === undefined ? {} : { config }, environment);
  const name = latestOf(view.registrations.values())?.name;
  return configuration.name === name ? configuration.gates : undefined;
}

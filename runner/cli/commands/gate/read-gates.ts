import path from "node:path";

import { latestOf } from "../../../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../../../ledger/views/experiment-view.ts";
import { GateFile } from "../../../../reports/looks/gate-file.ts";
import { findConfiguration } from "../../../plan/config/find-configuration.ts";
import { loadConfiguration } from "../../../plan/config/load-configuration.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { readYamlFile } from "../../../platform/yaml/read-yaml-file.ts";
import type { OptionsOf } from "../../definition.ts";
import type { gate } from "./definition.ts";

/** The thresholds of `--gates`, otherwise of the same experiment's configuration. */
export function readGates(
  view: ExperimentView,
  { gates, config }: Pick<OptionsOf<typeof gate>, "gates" | "config">,
  environment: Environment,
): GateFile | undefined {
  if (gates !== undefined) return readYamlFile(path.resolve(environment.cwd, gates), GateFile);
  if (config === undefined && findConfiguration(environment.cwd) === undefined) return undefined;
  const configuration = loadConfiguration(config === undefined ? {} : { config }, environment);
  const name = latestOf(view.registrations.values())?.name;
  return configuration.name === name ? configuration.gates : undefined;
}

import { existsSync } from "node:fs";
import path from "node:path";

import { ConfigurationError } from "../../platform/environment/configuration-error.ts";

const NAMES = ["experiment.yaml", "experiment.yml"] as const;

/**
 * The configuration that a folder's commands use without `--config`; undefined if there is none.
 * @throws ConfigurationError if both names are there: one of them is an old copy, and nothing says which.
 */
export function findConfiguration(folder: string): string | undefined {
  const [found, other] = configurationsIn(folder);
  if (other === undefined) return found;
  throw new ConfigurationError(
    `${other}: expected one configuration in the folder, got ${NAMES.join(" and ")}. Remove one, or name it with --config.`,
  );
}

/** The files of a folder that have such a name. */
export function configurationsIn(folder: string): readonly string[] {
  return NAMES.map((name) => path.join(folder, name)).filter((file) => existsSync(file));
}

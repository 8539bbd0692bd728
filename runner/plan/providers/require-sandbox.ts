import { probeBubblewrap } from "../../agents/sandbox/find-bubblewrap.ts";
import type { Bubblewrap } from "../../agents/sandbox/sandbox-line.ts";
import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { placeOf } from "../../platform/yaml/read-yaml-file.ts";
import type { Configuration } from "../config/configuration.ts";

/**
 * Returns the sandbox of agents; undefined if there is none.
 * @throws ConfigurationError if there is none and the configuration requires it.
 */
export async function requireSandbox(
  { isolation, file }: Pick<Configuration, "isolation" | "file">,
  environment: Pick<Environment, "platform" | "variables">,
): Promise<Bubblewrap | undefined> {
  const probe = await probeBubblewrap(environment);
  if (probe.file !== undefined) return probe;
  if (isolation === "preferred") return undefined;
  const place = file === null ? "isolation" : placeOf(file, ["isolation"]);
  throw new ConfigurationError(
    `${place}: expected a sandbox, because isolation is required, got none: ${probe.lacks}. ${probe.mend}, or write isolation: preferred.`,
  );
}

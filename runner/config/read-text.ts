import { readFileSync, statSync } from "node:fs";

import { ConfigurationError } from "./errors.ts";

/** Longer ones are no configuration. */
export const CONFIGURATION_BYTES_MAX = 1_000_000;

/**
 * Reads a configuration file.
 * @throws ConfigurationError where it is no file that can be read, or far too long for one.
 */
export function readText(file: string): string {
  const mend = "Name a YAML file.";
  try {
    const status = statSync(file);
    if (!status.isFile())
      throw new ConfigurationError(
        `${file}: expected a file, got ${status.isDirectory() ? "a folder" : "something else"}. ${mend}`,
      );
    if (status.size > CONFIGURATION_BYTES_MAX)
      throw new ConfigurationError(
        `${file}: expected at most ${String(CONFIGURATION_BYTES_MAX)} bytes, got ${String(status.size)}. ${mend}`,
      );
    return readFileSync(file, "utf8");
  } catch (cause) {
    if (cause instanceof ConfigurationError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError(
      `${file}: expected a file that can be read, got: ${reason}. ${mend}`,
    );
  }
}

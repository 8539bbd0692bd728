import { readFileSync, statSync } from "node:fs";

import type { z } from "zod";

import { reasonOf } from "../../../ledger/domain/errors.ts";
import { ConfigurationError } from "../environment/configuration-error.ts";
import { parseYamlFile } from "./yaml-faults.ts";
import { parseWithLines } from "./yaml-position.ts";

/** A longer file is not a configuration. */
export const CONFIGURATION_BYTES_MAX = 1_000_000;

/**
 * Reads a YAML (or JSON) file by a schema.
 * @throws ConfigurationError naming file, line, value and remedy.
 */
export function readYamlFile<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): z.output<Schema> {
  return parseYamlFile(file, readText(file), schema);
}

/** The place of a field for a message: `file:line`. */
export function placeOf(file: string, path: readonly PropertyKey[]): string {
  return `${file}:${String(parseWithLines(readText(file)).lineOf(path))}`;
}

/**
 * Reads the text of a configuration file.
 * @throws ConfigurationError if the file can't be read or is too long.
 */
export function readText(file: string, mend = "Name a YAML file."): string {
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
    throw new ConfigurationError(
      `${file}: expected a file that can be read, got: ${reasonOf(cause)}. ${mend}`,
    );
  }
}

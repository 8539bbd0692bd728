import { GateFile } from "../../reports/decisions/gate-file.ts";
import { ConfigurationError } from "./errors.ts";
import { readText } from "./read-text.ts";
import { parseYamlFile } from "./yaml-faults.ts";

/**
 * Reads a gate file.
 * @throws ConfigurationError naming file, line, value and mend.
 */
export function readGateFile(file: string): GateFile {
  return parseYamlFile({
    file,
    text: readText(file),
    schema: GateFile,
    ErrorClass: ConfigurationError,
  });
}

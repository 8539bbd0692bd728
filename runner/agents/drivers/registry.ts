import { UsageError } from "../../../ledger/domain/errors.ts";
import type { DialectName } from "../../gateway/proxy/dialects/dialect.ts";
import { builtinAgent } from "./builtin-agent.ts";
import { claudeCode } from "./claude-code.ts";
import { codex } from "./codex.ts";
import { commandAgent } from "./command-agent.ts";
import { type CommandAgent, commandOf } from "./command-file.ts";
import type { Driver } from "./driver.ts";
import { gemini } from "./gemini.ts";
import { opencode } from "./opencode.ts";
import { pi } from "./pi.ts";
import { qwen } from "./qwen.ts";

export const DRIVERS: readonly Driver[] = [
  builtinAgent,
  claudeCode,
  codex,
  opencode,
  gemini,
  qwen,
  pi,
];

/** The driver of a program that `experiment.yaml` describes. */
export const COMMAND_DRIVER = "command";

export const DRIVER_NAMES = [...DRIVERS.map(({ name }) => name), COMMAND_DRIVER];

/** A configuration names a driver that does not exist. */
export class DriverUnknownError extends UsageError {}

/** The driver of a provider: one by name, or that of its own command. */
export function driverOf(entry: { driver: string; command?: CommandAgent | undefined }): Driver {
  const { driver, command } = entry;
  return command === undefined ? driverNamed(driver) : commandAgent(command);
}

/** The part of an entry of `experiment.yaml` that says which agent it is. */
export type AgentEntry = Parameters<typeof commandOf>[0] & {
  readonly driver: string;
  readonly dialect?: DialectName | undefined;
};

/** The driver of an entry whose folder does not matter. */
export function driverOfEntry(entry: AgentEntry): Driver {
  return driverOf({ driver: entry.driver, command: commandOf(entry, "") });
}

export function driverNamed(name: string): Driver {
  const driver = DRIVERS.find((candidate) => candidate.name === name);
  if (driver === undefined) {
    throw new DriverUnknownError(`Unknown driver "${name}". Known: ${DRIVER_NAMES.join(", ")}.`);
  }
  return driver;
}

const DIALECT_VENDORS: Readonly<Record<DialectName, Driver["vendor"]>> = {
  "anthropic-messages": "anthropic",
  "openai-responses": "openai",
  "openai-chat": "openai",
  gemini: "google",
};

/** The upstream of a provider that names none: the driver's, or the vendor of the API that it chose. */
export function vendorFor(entry: AgentEntry): Driver["vendor"] {
  const { vendor, dialects } = driverOfEntry(entry);
  const { dialect = dialects[0] } = entry;
  return dialect === dialects[0] ? vendor : DIALECT_VENDORS[dialect];
}

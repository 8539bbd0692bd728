import { CounterbalanceError } from "../../ledger/domain/errors.ts";
import { EXIT } from "../../ledger/domain/exit-codes.ts";
import type { DialectName } from "../proxy/dialects/dialect.ts";
import { builtinAgent } from "./builtin-agent.ts";
import { claudeCode } from "./claude-code.ts";
import { codex } from "./codex.ts";
import type { Driver } from "./driver.ts";
import { gemini } from "./gemini.ts";
import { opencode } from "./opencode.ts";
import { pi } from "./pi.ts";
import { qwen } from "./qwen.ts";

const DRIVERS: readonly Driver[] = [builtinAgent, claudeCode, codex, opencode, gemini, qwen, pi];

export const DRIVER_NAMES = DRIVERS.map(({ name }) => name);

/** A configuration names a driver that does not exist. */
export class DriverUnknownError extends CounterbalanceError {
  override readonly exitCode = EXIT.usage;
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
export function vendorFor(chosen: {
  readonly driver: string;
  readonly dialect?: DialectName | undefined;
}): Driver["vendor"] {
  const { vendor, dialects } = driverNamed(chosen.driver);
  const { dialect = dialects[0] } = chosen;
  return dialect === dialects[0] ? vendor : DIALECT_VENDORS[dialect];
}

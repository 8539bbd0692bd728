import { CounterbalanceError } from "../../ledger/domain/errors.ts";
import { EXIT } from "../../ledger/domain/exit-codes.ts";
import { builtinAgent } from "./builtin-agent.ts";
import { claudeCode } from "./claude-code.ts";
import { codex } from "./codex.ts";
import type { Driver } from "./driver.ts";

const DRIVERS: readonly Driver[] = [builtinAgent, claudeCode, codex];

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

import { CounterbalanceError } from "../../ledger/domain/errors.ts";
import { builtinAgent } from "./builtin-agent.ts";
import { claudeCode } from "./claude-code.ts";
import type { Driver } from "./driver.ts";

const DRIVERS: readonly Driver[] = [builtinAgent, claudeCode];

/** A configuration names a driver that does not exist. */
export class DriverUnknownError extends CounterbalanceError {
  override readonly exitCode = 2;
  readonly driverName: string;

  constructor(driverName: string) {
    const known = DRIVERS.map(({ name }) => name).join(", ");
    super(`Unknown driver "${driverName}". Known: ${known}.`);
    this.driverName = driverName;
  }
}

export function driverNamed(name: string): Driver {
  const driver = DRIVERS.find((candidate) => candidate.name === name);
  if (driver === undefined) throw new DriverUnknownError(name);
  return driver;
}

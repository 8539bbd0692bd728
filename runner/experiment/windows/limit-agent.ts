import type { Configuration, ResourceLimits } from "../../plan/config/configuration.ts";
import type { CommandLine } from "../../platform/processes/command-line.ts";
import type { AgentEnd } from "../../platform/processes/run-agent-process.ts";
import type { Task } from "../../tasks/bank/task.ts";
import { openLimits } from "./limit-resources.ts";
import { readMachineState } from "./machine-state.ts";

const MS_PER_SECOND = 1000;

/** The most time that the agents of one window may work, milliseconds. A task's time is made for one agent. */
export function windowLimitMs(
  { limits }: { readonly limits: Pick<Configuration["limits"], "windowMs"> },
  { timeoutS }: Pick<Task, "timeoutS">,
  agents = 1,
): number {
  const taskMs = timeoutS * MS_PER_SECOND * agents;
  return limits.windowMs === null ? taskMs : Math.min(taskMs, limits.windowMs);
}

/** Runs an agent within its share of the machine, and looks at the machine before and after it. */
export async function runLimited(
  wanted: ResourceLimits,
  marker: string,
  run: (limit: (commandLine: CommandLine) => CommandLine) => Promise<AgentEnd>,
) {
  const limited = openLimits(wanted, marker);
  const start = readMachineState();
  try {
    const end = await run((commandLine) => limited.wrap(commandLine));
    return { end, resources: { limits: limited.limits, start, end: readMachineState() } };
  } finally {
    await limited.close();
  }
}

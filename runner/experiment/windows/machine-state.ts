import { readFileSync } from "node:fs";
import { availableParallelism, freemem, loadavg } from "node:os";

import type { MachineState } from "../../../ledger/domain/resources.ts";

const CPU_PRESSURE = "/proc/pressure/cpu";

/** How busy the machine is now. */
export function readMachineState(): MachineState {
  const [load = 0] = loadavg();
  return {
    cpus: availableParallelism(),
    load_1m: load,
    free_memory_bytes: freemem(),
    cpu_pressure: readPressure(),
  };
}

function readPressure(): number | null {
  try {
    const share = /^some avg10=([\d.]+)/mu.exec(readFileSync(CPU_PRESSURE, "utf8"))?.[1];
    return share === undefined ? null : Number(share);
  } catch {
    // Kernels before 4.20, and systems other than Linux, do not say.
    return null;
  }
}

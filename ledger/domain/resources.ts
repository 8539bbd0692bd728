import { z } from "zod";

/** How busy the machine was at one moment. */
export const MachineState = z
  .looseObject({
    cpus: z.int().positive(),
    /** Mean number of running and waiting processes of the last minute. */
    load_1m: z.number().nonnegative(),
    free_memory_bytes: z.number().nonnegative(),
    /** Share of the last ten seconds in which a process waited for a CPU, 0…100; null if the system does not say. */
    cpu_pressure: z.number().min(0).max(100).nullable(),
  })
  .readonly();
export type MachineState = z.infer<typeof MachineState>;

/** A limit on what an agent may use: CPUs, bytes of memory, or processes and threads. */
export const ResourceLimit = z
  .looseObject({
    resource: z.enum(["cpus", "memory", "processes"]),
    limit: z.number().positive(),
    /** What enforced it; null if nothing did. */
    enforced_by: z.enum(["cgroup-v1", "cgroup-v2"]).nullable(),
  })
  .readonly();
export type ResourceLimit = z.infer<typeof ResourceLimit>;

/** The conditions under which an agent worked: its limits, and the machine before and after it. */
export const WindowResources = z
  .looseObject({
    limits: z.array(ResourceLimit).readonly(),
    start: MachineState,
    end: MachineState,
  })
  .readonly();
export type WindowResources = z.infer<typeof WindowResources>;

import { z } from "zod";

/** What one backend did for a provider's agents, as the proxy saw it. */
export const BackendTraffic = z
  .strictObject({
    provider: z.string(),
    backend: z.string(),
    /** Requests to a model that were sent to it. */
    prompts: z.int().nonnegative(),
    /** Of all the provider's prompts, 0…100. */
    routed_pct: z.number().min(0).max(100),
    /** Milliseconds from a request's head to its answer's end; null where no latency is known. */
    p50: z.number().nonnegative().nullable(),
    p95: z.number().nonnegative().nullable(),
    /** Share of prompts that ended with an error status or a network error, 0…1. */
    error_rate: z.number().min(0).max(1),
  })
  .readonly();
export type BackendTraffic = z.infer<typeof BackendTraffic>;

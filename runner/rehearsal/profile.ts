import { z } from "zod";

function whole(min: number, max: number, byDefault: number) {
  return z.int().min(min).max(max).default(byDefault);
}

function number(min: number, max: number, byDefault: number) {
  return z.number().min(min).max(max).default(byDefault);
}

/**
 * The behaviour of a scripted model. The keys are snake_case because users write them in YAML.
 * All randomness comes from the seed, so that one seed always plays the same.
 */
export const ModelProfile = z
  .strictObject({
    /**
     * Drawn once per conversation and scenario. The model plays the kept solution nearest to the
     * draw: among many scenarios that is often the reference solution, or one with a single fault.
     */
    solve_probability: number(0, 1, 1).describe("How likely it solves one scenario of a feature."),
    output_tokens: whole(1, 100_000, 600).describe("Output tokens of one answer, on average."),
    output_spread: number(0, 0.95, 0.3).describe(
      "Spread around `output_tokens`: 0.3 gives 70 % to 130 %.",
    ),
    input_overhead_tokens: whole(0, 1_000_000, 0).describe(
      "Input tokens that every request carries in addition.",
    ),
    cache: z
      .boolean()
      .default(true)
      .describe("Whether it caches prompts that the request marks with `cache_control`."),
    thinks: z
      .boolean()
      .default(false)
      .describe("Whether answers begin with a thinking block if the request allows one."),
    extra_turns: whole(0, 20, 0).describe(
      "The most turns beyond those that the work needs; drawn per conversation.",
    ),
    subagents: z
      .boolean()
      .optional()
      .describe("Whether it first starts a sub-agent, if the client has a tool for that."),
    // The fields of a team have no default, so that older registrations keep their identity.
    rework_rounds: z
      .int()
      .min(0)
      .max(20)
      .optional()
      .describe("In a team: how often a reviewer sends the work back (default: 0)."),
    handoff_faults: z
      .int()
      .min(0)
      .max(2)
      .optional()
      .describe(
        "In a team: how many handoffs of each turn are invalid before a valid one (default: 0).",
      ),
    breaks_bounds: z
      .boolean()
      .optional()
      .describe("In a team: whether planner and reviewer also change a file of the work."),
    forgets_findings: z
      .boolean()
      .optional()
      .describe(
        "In a team: whether the second review leaves out a finding of the first, until it is refused.",
      ),
    latency_ms: number(0, 60_000, 0).describe(
      "Milliseconds from the request to the first byte of its answer.",
    ),
    tokens_per_second: number(1, 10_000_000, 50_000).describe("How fast output appears."),
    fault_rate: number(0, 1, 0).describe(
      "How likely a request is answered with 529 or 500; drawn per request.",
    ),
  })
  .readonly();
export type ModelProfile = z.infer<typeof ModelProfile>;

/**
 * The two models of the rehearsal: the small one is clearly cheaper and a little worse.
 * The solution played is the nearest of those kept, which raises the shares solved: to about
 * 0.99 and 0.95 with the bank that comes with the product. Sized so that a window spends roughly 10,000 (large) and 5,000 (small) uncached tokens, and
 * quick enough that the harness, not the model, is what a rehearsal waits for.
 */
export const REHEARSAL_PROFILES: Readonly<Record<string, ModelProfile>> = {
  "scripted-large": ModelProfile.parse({
    solve_probability: 0.92,
    output_tokens: 900,
    output_spread: 0.3,
    input_overhead_tokens: 3000,
    extra_turns: 1,
    latency_ms: 20,
    tokens_per_second: 60_000,
  }),
  "scripted-small": ModelProfile.parse({
    solve_probability: 0.75,
    output_tokens: 350,
    output_spread: 0.3,
    input_overhead_tokens: 1200,
    extra_turns: 2,
    latency_ms: 10,
    tokens_per_second: 60_000,
    fault_rate: 0.02,
  }),
};

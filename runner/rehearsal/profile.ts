import { z } from "zod";

const Probability = z.number().min(0).max(1);

/**
 * How a scripted model behaves. The keys are snake_case because a user may write them in YAML.
 * Everything random in it is drawn from the seed, so that one seed always plays alike.
 */
export const ModelProfile = z
  .strictObject({
    /**
     * How likely one scenario of a feature is solved; drawn once per conversation and scenario.
     * What is played is the kept solution nearest to the draw, so that few failures among many
     * scenarios often end in the reference solution.
     */
    solve_probability: Probability.default(1),
    /** Output tokens of one answer, on average. */
    output_tokens: z.int().min(1).max(100_000).default(600),
    /** Half-width of the spread around `output_tokens`, as a share: 0.3 gives 70 % to 130 %. */
    output_spread: z.number().min(0).max(0.95).default(0.3),
    /** Input tokens that every request carries beside what the client sent. */
    input_overhead_tokens: z.int().min(0).max(1_000_000).default(0),
    /** Whether prompts are cached; only requests that mark a block with `cache_control` are. */
    cache: z.boolean().default(true),
    /** Whether answers begin with a thinking block where the request allows one. */
    thinks: z.boolean().default(false),
    /** The most turns taken beyond those the work needs; how many is drawn per conversation. */
    extra_turns: z.int().min(0).max(20).default(0),
    /** Milliseconds from the request to the first byte of its answer. */
    latency_ms: z.number().min(0).max(60_000).default(0),
    /** How fast output appears. */
    tokens_per_second: z.number().min(1).max(10_000_000).default(50_000),
    /** How likely a request is answered 529 or 500 instead; drawn per request. */
    fault_rate: Probability.default(0),
  })
  .readonly();
export type ModelProfile = z.infer<typeof ModelProfile>;

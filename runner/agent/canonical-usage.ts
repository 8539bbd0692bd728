import type { Usage } from "../../ledger/domain/usage.ts";
import type { WireUsage } from "./messages.ts";

/** One answer's usage in the ledger's words; what the server did not say stays absent. */
export function canonicalUsage(wire: WireUsage): Usage {
  const split = wire.cache_creation;
  // Without the split by lifetime the API's default lifetime holds, five minutes.
  const write5m = split?.ephemeral_5m_input_tokens ?? wire.cache_creation_input_tokens;
  return {
    ...present("input_uncached", wire.input_tokens),
    ...present("cache_read", wire.cache_read_input_tokens),
    ...present("cache_write_5m", write5m),
    ...present("cache_write_1h", split?.ephemeral_1h_input_tokens),
    ...present("output", wire.output_tokens),
    ...present("reasoning", wire.output_tokens_details?.thinking_tokens),
    requests: 1,
  };
}

/** Usage in a stream is cumulative: a later figure replaces the earlier one, field by field. */
export function laterUsage(earlier: WireUsage, later: WireUsage): WireUsage {
  const told = Object.entries(later).filter(([, value]) => value !== null && value !== undefined);
  return { ...earlier, ...Object.fromEntries(told) };
}

function present(
  counter: Exclude<keyof Usage, "requests">,
  tokens: number | null | undefined,
): Partial<Usage> {
  return typeof tokens === "number" ? { [counter]: tokens } : {};
}

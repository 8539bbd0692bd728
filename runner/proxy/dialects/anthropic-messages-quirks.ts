/** What the opening event's `input_tokens` means at a vendor. */
type OpeningInput = "cache_apart" | "cache_inside";

/**
 * Vendors whose Messages API differs from Anthropic's, by host. Only a stream that is cut before
 * its closing usage needs this: the closing one replaces the opening one wherever it says anything,
 * which also covers those that open with zeros (Z.ai: zai-org/GLM-5#139).
 */
const OPENING_INPUT: Readonly<Record<string, OpeningInput>> = {
  // Opens with the cache inside the input and closes with it apart: maximhq/bifrost#5510.
  "api.moonshot.ai": "cache_inside",
  "api.moonshot.cn": "cache_inside",
  "api.kimi.com": "cache_inside",
};

export function openingInputOf(upstreamHost: string): OpeningInput {
  return OPENING_INPUT[upstreamHost] ?? "cache_apart";
}

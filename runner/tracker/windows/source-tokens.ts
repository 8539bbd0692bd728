import { tokensIn } from "../../../ledger/domain/token-basis.ts";
import { sumUsage } from "../../../ledger/domain/usage.ts";
import { type ManualUsage, referenceOf } from "./window-usage.ts";

/** The tokens of manual windows by their sources, and those of no window. */
export function sourceTokens({ windows, unplaced }: ManualUsage) {
  const placed = [...windows.values()].flatMap(({ key, sources }) =>
    sources.map((one) => {
      const { source, lanes, recordedBy } = one;
      const { window, agent, provider, attempt } = key;
      return {
        window,
        agent,
        provider,
        attempt,
        source,
        counts: one === referenceOf(sources),
        tokens: tokensIn("all", sumUsage([...lanes.values()])),
        recorded_by: [...recordedBy],
        reason: null,
      };
    }),
  );
  const others = unplaced.map(({ provider, source, usage, recordedBy, reason }) => ({
    window: null,
    agent: null,
    provider,
    attempt: null,
    source,
    counts: false,
    tokens: tokensIn("all", usage),
    recorded_by: [...recordedBy],
    reason,
  }));
  return [...placed, ...others.filter(({ tokens }) => tokens > 0)];
}

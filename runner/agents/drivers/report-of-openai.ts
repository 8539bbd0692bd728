import {
  type OpenaiCounts,
  showCached,
  usageOfOpenai,
} from "../../../ledger/sources/tokens/openai.ts";
import type { LeftOutTally } from "../../platform/reader/left-out.ts";
import type { AgentReport } from "./driver.ts";

/** A client's own counts by OpenAI's rule. No client says the number of its requests. */
export function reportOfOpenai(
  counts: OpenaiCounts,
  leftOut: LeftOutTally,
): Pick<AgentReport, "usage"> {
  const usage = usageOfOpenai(counts, 0);
  if (usage !== null) return { usage };
  leftOut.add("count", showCached(counts));
  return {};
}

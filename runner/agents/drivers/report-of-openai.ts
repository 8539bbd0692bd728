import { sumUsage } from "../../../ledger/domain/usage.ts";
import { type OpenaiCounts, usageOfOpenai } from "../../../ledger/sources/tokens/openai.ts";
import type { AgentReport } from "./driver.ts";

/** A client's own counts by OpenAI's rule. No client says the number of its requests. */
export function reportOfOpenai(
  all: readonly OpenaiCounts[],
): Pick<AgentReport, "usage" | "usageFault"> {
  const counted = all.map((counts) => usageOfOpenai(counts, 0));
  const [usageFault] = counted.flatMap(({ fault }) => fault ?? []);
  if (usageFault !== undefined) return { usageFault };
  const usages = counted.flatMap(({ usage }) => usage ?? []);
  return usages.length === 0 ? {} : { usage: sumUsage(usages) };
}

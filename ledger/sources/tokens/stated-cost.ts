import { type BillingDraft, statedDollars } from "../../domain/billing.ts";
import { member } from "./counters.ts";

/** xAI states costs in ticks. */
const TICKS_PER_DOLLAR = 1e10;

/**
 * The cost that a usage states. With a key of its own, the caller pays the model's vendor and a fee: the fee
 * alone is no cost.
 */
export function readStatedCost(usage: unknown): Pick<BillingDraft, "stated_usd" | "unpriced"> {
  const ticks = member(usage, "cost_in_usd_ticks");
  if (typeof ticks === "number") return { stated_usd: statedDollars(ticks / TICKS_PER_DOLLAR) };
  const cost = member(usage, "cost");
  if (member(usage, "is_byok") !== true) return { stated_usd: statedDollars(cost) };
  const upstream = member(member(usage, "cost_details"), "upstream_inference_cost");
  if (typeof upstream !== "number") return { unpriced: "own_key" };
  return { stated_usd: statedDollars(upstream + (typeof cost === "number" ? cost : 0)) };
}

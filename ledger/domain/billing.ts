import { z } from "zod";

const Tokens = z.int().nonnegative();

/** What the answer to one request states about its price, besides the tokens. */
export const Billing = z
  .strictObject({
    /** The tier that served it, e.g. `priority`; absent: the standard one. */
    tier: z.string().optional(),
    /** The region that served it, if the vendor asks another price there, e.g. `us`. */
    region: z.string().optional(),
    /** Calls of the vendor's own tools, by name. Searches are in `web_searches`. */
    tool_calls: z.record(z.string(), z.int().nonnegative()).readonly().optional(),
    /** Parts of `input_uncached`, and of `output`. */
    audio_input: Tokens.optional(),
    audio_output: Tokens.optional(),
    image_output: Tokens.optional(),
    /** The dollars that the answer states. */
    stated_usd: z.number().positive().optional(),
    /** Why no list can tell its price, e.g. `own_key`: then only a stated cost counts. */
    unpriced: z.string().optional(),
  })
  .readonly();
export type Billing = z.infer<typeof Billing>;

/** Words for a tier or a region that has the usual price. */
const USUAL: ReadonlySet<string> = new Set([
  "",
  "auto",
  "default",
  "global",
  "none",
  "not_available",
  "on_demand",
  "standard",
  "unspecified",
]);
const NAME = /^[a-z][a-z0-9_.-]{0,39}$/;

/** The name of a tier or a region; null for the usual one, undefined if the value is no text. */
export function unusualName(stated: unknown): string | null | undefined {
  if (typeof stated !== "string") return undefined;
  const name = stated.toLowerCase();
  if (USUAL.has(name)) return null;
  return NAME.test(name) ? name : "unnamed";
}

/** No request costs more. A larger figure is a fault. */
const DOLLARS_MAX = 10_000;
/** A sum of two costs has no noise of the arithmetic: 0.21, not 0.21000000000000002. */
const DIGITS = 12;

/** A stated cost; undefined for 0, because gateways write 0 for a cost that they don't know. */
export function statedDollars(stated: unknown): number | undefined {
  if (typeof stated !== "number" || stated <= 0 || stated > DOLLARS_MAX) return undefined;
  return Number(stated.toPrecision(DIGITS));
}

/** A billing in the making. Null: the usual tier or region. Undefined: not stated. */
export type BillingDraft = { readonly [Field in keyof Billing]?: Billing[Field] | null };

/** Takes what a later part of an answer states in place of what an earlier one stated. */
export function laterBilling(earlier: BillingDraft, later: BillingDraft): BillingDraft {
  const stated = Object.entries(later).filter(([, value]) => value !== undefined);
  return stated.length === 0 ? earlier : { ...earlier, ...Object.fromEntries(stated) };
}

/** The billing of a draft; undefined if nothing is unusual. */
export function billingOf(draft: BillingDraft): Billing | undefined {
  const fields = Object.entries(draft).filter(([, value]) => value !== undefined && value !== null);
  return fields.length === 0 ? undefined : Billing.parse(Object.fromEntries(fields));
}

import { z } from "zod";

import { TokenBasis } from "../../../ledger/domain/token-basis.ts";
import { fieldHints } from "../../platform/yaml/field-hints.ts";
import { DECIMAL_MAX, DURATION_EXPECTED, readDuration, toOwner } from "./parse-budget.ts";

/** The effect of a spent budget: `warn` only reports it, `block` refuses. */
export const EnforcementMode = z.enum(["warn", "block"]);
export type EnforcementMode = z.infer<typeof EnforcementMode>;

/** Whether a run and open proxies share one overall budget, or each has its own. */
export const OverallScope = z.enum(["shared", "own"]);
export type OverallScope = z.infer<typeof OverallScope>;

/** The limits that hold: tokens, dollars, or both, whichever is reached first. Minutes always hold. */
export const ParameterType = z.enum(["tokens", "cost", "mixed"]);
export type ParameterType = z.infer<typeof ParameterType>;

/** Whether a running stream that passes a limit is cut (`hard`) or may finish. */
export const BudgetCut = z.enum(["none", "hard"]);
export type BudgetCut = z.infer<typeof BudgetCut>;

const Tokens = z.int().nonnegative().register(fieldHints, {
  expected: "a whole number of tokens, 0 or more",
  mend: "Write digits only, e.g. 200000; 0 allows nothing.",
});
const Dollars = z.number().nonnegative().max(DECIMAL_MAX).register(fieldHints, {
  expected: "an amount of dollars, 0 or more",
  mend: "Write digits only, e.g. 1.50; 0 allows nothing.",
});
const Minutes = z.number().nonnegative().max(DECIMAL_MAX).register(fieldHints, {
  expected: "a number of minutes, 0 or more",
  mend: "Write digits only, e.g. 90; 0 allows nothing.",
});

const LIMIT_HINT = {
  expected: "a limit of tokens, usd or minutes",
  mend: "Write e.g. { tokens: 200000 }.",
};

/** A limit in one or more units. It is strict, so that an unknown unit is refused, not ignored. */
const Limit = z
  .strictObject({
    tokens: Tokens.optional().describe("Tokens; 0 allows nothing."),
    usd: Dollars.optional().describe("Dollars; every model needs a price."),
    minutes: Minutes.optional().describe("Minutes of attempts."),
  })
  .refine((limit) => Object.keys(limit).length > 0)
  .readonly()
  .register(fieldHints, LIMIT_HINT);

const Period = z
  .strictObject({
    tokens: Tokens.optional().describe("Tokens; 0 allows nothing."),
    usd: Dollars.optional().describe("Dollars; every model needs a price."),
    every: z
      .string()
      .refine((text) => readDuration(text) !== null)
      .optional()
      .describe("Length of the rolling period, such as `5h`.")
      .register(fieldHints, { expected: DURATION_EXPECTED, mend: "Write e.g. 5h." }),
  })
  .readonly()
  .register(fieldHints, {
    expected: "a limit of tokens or usd, and a time",
    mend: "Write e.g. { tokens: 500000, every: 5h }.",
  });

const byOwner = (scope: "command" | "role") =>
  z.record(z.string(), Limit).superRefine((limits, context) => {
    refuseAmbiguous(limits, { scope, context });
  });

/** The block `budgets:` of `experiment.yaml`. An absent limit means unlimited; 0 allows nothing. */
export const BudgetsFile = z
  .strictObject({
    mode: EnforcementMode.optional().describe(
      "`block` (default) refuses requests without room; `warn` only reports them.",
    ),
    basis: TokenBasis.optional().describe(
      "The tokens that count: `uncached` (default), `billable` (caches by their price) or `all`.",
    ),
    parameter_type: ParameterType.optional().describe(
      "The limits that hold: `tokens`, `cost` or `mixed` (default). Minutes always hold.",
    ),
    cut: BudgetCut.optional().describe(
      "`hard` ends a running answer at the limit; `none` (default) lets it finish.",
    ),
    visuals: z
      .boolean()
      .optional()
      .describe("Whether budgets are drawn as bars (default: true).")
      .register(fieldHints, {
        expected: "true or false",
        mend: "Write false to leave the bars out.",
      }),
    overall: Limit.optional().describe("All windows together."),
    overall_scope: OverallScope.optional().describe(
      "Whether a run and open proxies share the overall limit (`shared`, default) or not (`own`).",
    ),
    commands: byOwner("command")
      .optional()
      .describe("One attempt at a command such as `/implement`."),
    roles: byOwner("role")
      .optional()
      .describe("One role within one attempt. An agent that works alone is the `implementer`."),
    window: Limit.optional().describe("One attempt at any window."),
    period: Period.optional().describe("The whole ledger within a rolling period."),
  })
  .readonly();
export type BudgetsFile = z.infer<typeof BudgetsFile>;

function refuseAmbiguous(
  limits: Readonly<Record<string, unknown>>,
  { scope, context }: { readonly scope: "command" | "role"; readonly context: z.RefinementCtx },
): void {
  const seen = new Set<string>();
  for (const key of Object.keys(limits)) {
    const owner = toOwner(scope, key);
    if (owner === "" || owner === "/") {
      context.addIssue({
        code: "custom",
        path: [key],
        message: scope === "command" ? "expected a command such as /implement" : "expected a role",
      });
    } else if (seen.has(owner)) {
      context.addIssue({
        code: "custom",
        path: [key],
        message: `a second budget for ${owner}; leave one of them out`,
      });
    }
    seen.add(owner);
  }
}

import { z } from "zod";

import { TokenBasis } from "../../ledger/domain/token-basis.ts";
import { fieldHints } from "../config/field-hints.ts";
import { DECIMAL_MAX } from "./parse-amount.ts";
import { toOwner } from "./parse-budget.ts";
import { DURATION_EXPECTED, readDuration } from "./parse-duration.ts";

/** What a spent budget does: `warn` only says so, `block` refuses. */
export const EnforcementMode = z.enum(["warn", "block"]);
export type EnforcementMode = z.infer<typeof EnforcementMode>;

/** Which limits hold: those of tokens, those of dollars, or both, whichever is hit first. Minutes always hold. */
export const ParameterType = z.enum(["tokens", "cost", "mixed"]);
export type ParameterType = z.infer<typeof ParameterType>;

/** Whether a running stream that passes a limit is ended (`hard`) or may finish. */
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

/** A limit in one unit or several; strict, so that a unit that nobody enforces is refused rather than ignored. */
const Limit = z
  .strictObject({
    tokens: Tokens.optional(),
    usd: Dollars.optional(),
    minutes: Minutes.optional(),
  })
  .refine((limit) => Object.keys(limit).length > 0)
  .readonly()
  .register(fieldHints, LIMIT_HINT);

const Period = z
  .strictObject({
    tokens: Tokens.optional(),
    usd: Dollars.optional(),
    every: z
      .string()
      .refine((text) => readDuration(text) !== null)
      .optional()
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

/** The block `budgets:` of `experiment.yaml`. What is absent is unlimited; 0 allows nothing. */
export const BudgetsFile = z
  .strictObject({
    mode: EnforcementMode.optional(),
    basis: TokenBasis.optional(),
    parameter_type: ParameterType.optional(),
    cut: BudgetCut.optional(),
    visuals: z.boolean().optional().register(fieldHints, {
      expected: "true or false",
      mend: "Write false to leave the bars out.",
    }),
    overall: Limit.optional(),
    commands: byOwner("command").optional(),
    roles: byOwner("role").optional(),
    window: Limit.optional(),
    period: Period.optional(),
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

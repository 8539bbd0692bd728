import { z } from "zod";

import { TokenBasis } from "../../ledger/domain/token-basis.ts";
import { fieldHints } from "../config/field-hints.ts";
import { toCommand } from "./parse-budget.ts";

/** What a spent budget does: `warn` only says so, `block` refuses. */
export const EnforcementMode = z.enum(["warn", "block"]);
export type EnforcementMode = z.infer<typeof EnforcementMode>;

/** A limit; strict, so that a unit that is not enforced yet is refused rather than ignored. */
const TokenLimit = z
  .strictObject({
    tokens: z.int().nonnegative().register(fieldHints, {
      expected: "a whole number of tokens, 0 or more",
      mend: "Write digits only, e.g. 200000; 0 allows nothing.",
    }),
  })
  .readonly()
  .register(fieldHints, {
    expected: "a limit of tokens",
    mend: "Write e.g. { tokens: 200000 }.",
  });

/** The block `budgets:` of `experiment.yaml`. What is absent is unlimited; 0 allows nothing. */
export const BudgetsFile = z
  .strictObject({
    mode: EnforcementMode.optional(),
    basis: TokenBasis.optional(),
    overall: TokenLimit.optional(),
    commands: z.record(z.string(), TokenLimit).superRefine(refuseAmbiguousCommands).optional(),
  })
  .readonly();
export type BudgetsFile = z.infer<typeof BudgetsFile>;

function refuseAmbiguousCommands(
  commands: Readonly<Record<string, unknown>>,
  context: z.RefinementCtx,
): void {
  const seen = new Set<string>();
  for (const key of Object.keys(commands)) {
    const command = toCommand(key);
    if (command === "" || command === "/") {
      context.addIssue({
        code: "custom",
        path: [key],
        message: "expected a command such as /implement",
      });
    } else if (seen.has(command)) {
      context.addIssue({
        code: "custom",
        path: [key],
        message: `a second budget for ${command}; leave one of them out`,
      });
    }
    seen.add(command);
  }
}

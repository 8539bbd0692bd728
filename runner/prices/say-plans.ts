import { accountOf } from "../config/account-of.ts";
import type { Configuration } from "../config/configuration.ts";

/** A line for each provider that is paid by a plan, with the formula, and what no meter will tell of. */
export function sayPlans({ providers }: Pick<Configuration, "providers">): readonly string[] {
  const paid = providers.flatMap(({ id, plan }) => {
    if (plan === undefined) return [];
    const { usd, per_days, meter, step_percent } = plan.price;
    return [
      `  ${id}: plan ${plan.name} of ${plan.list}, ${String(usd)} dollars ÷ ${String(per_days)} days × the window of the meter ${meter} × its movement (in steps of ${String(step_percent)} %)`,
    ];
  });
  if (paid.length === 0) return [];
  const accounts = [...Map.groupBy(providers, accountOf).values()]
    .filter((own) => own.some(({ plan }) => plan !== undefined))
    .map((own) => own.map(({ id }) => id).join(", "));
  return [
    ...paid,
    `  Readings come with the vendor's answers: of each account (${accounts.join("; ")}) the first window of a run has none before it, and so no cost by the plan.`,
  ];
}

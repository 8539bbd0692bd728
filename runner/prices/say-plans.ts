import type { Configuration } from "../config/configuration.ts";

/** A line for each provider that is paid by a plan, with the formula. */
export function sayPlans({ providers }: Pick<Configuration, "providers">): readonly string[] {
  return providers.flatMap(({ id, plan }) => {
    if (plan === undefined) return [];
    const { usd, per_days, meter, step_percent } = plan.price;
    return [
      `  ${id}: plan ${plan.name} of ${plan.list}, ${String(usd)} dollars ÷ ${String(per_days)} days × the window of the meter ${meter} × its movement (in steps of ${String(step_percent)} %)`,
    ];
  });
}

import type { Configuration, Provider } from "./configuration.ts";

/**
 * Identifies the prices of an experiment for its registration and its sessions: the lists, and the plans
 * of providers, if any.
 */
export function describePrices({ prices, providers }: Pick<Configuration, "prices" | "providers">) {
  const { name, asOf, sha256 } = prices;
  const plans = providers.flatMap(({ id: provider, plan }) =>
    plan === undefined
      ? []
      : [{ provider, plan: plan.name, list: plan.list, as_of: plan.asOf, ...plan.price }],
  );
  return { name, as_of: asOf, sha256, ...(plans.length === 0 ? {} : { plans }) };
}

/** Describes each plan with its formula, and which windows get no cost from a meter. */
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
    `  Readings come with the vendor's answers: the first window of a run has none before it for each account (${accounts.join("; ")}), and so no cost by the plan.`,
  ];
}

/** The upstream and the credential. Providers of one account share a vendor's meters. */
export function accountOf({ upstream, credential }: Provider): string {
  return JSON.stringify([upstream, credential]);
}

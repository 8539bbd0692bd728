import { sayMeant } from "../../../ledger/domain/nearest-name.ts";
import type { Provider } from "../../plan/config/configuration.ts";
import { missingVariable } from "../../plan/providers/check-providers.ts";
import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { checkWindow } from "../../tracker/windows/window-options.ts";

/**
 * The providers that a proxy serves: the one that is named, or all.
 * @throws ConfigurationError naming those that there are.
 */
export function chooseProviders(
  providers: readonly Provider[],
  chosen: string | undefined,
): readonly Provider[] {
  if (chosen === undefined) return providers;
  const found = providers.filter(({ id }) => id === chosen);
  if (found.length > 0) return found;
  const names = providers.map(({ id }) => id);
  throw new ConfigurationError(
    `--provider ${chosen}: there is no such provider.${sayMeant(chosen, names)} Write one of: ${names.join(", ")}.`,
  );
}

/** @throws ConfigurationError naming the variable that is not set. */
export function refuseWithoutKeys(providers: readonly Provider[], environment: Environment): void {
  for (const provider of providers) {
    const variable = missingVariable(provider, environment);
    if (variable === null) continue;
    throw new ConfigurationError(
      `${provider.id}: the environment variable ${variable} is not set. Put the upstream's key into it, or leave the provider out with --provider.`,
    );
  }
}

/** Every provider gets a window of its own, numbered from the first one on. */
export function refuseUnnumbered(window: string, providers: number): void {
  checkWindow(window);
  if (providers === 1 || /\d$/u.test(window)) return;
  throw new ConfigurationError(
    `--window ${window}: expected a name that ends in a number, because ${String(providers)} providers get a window each. Write e.g. ${window}-1, or choose one of them with --provider.`,
  );
}

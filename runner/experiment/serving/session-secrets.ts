import type { Provider } from "../../plan/config/configuration.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { secretsOfProxies } from "../../platform/network/company-network.ts";
import { KnownSecrets } from "../../platform/redaction/known-secrets.ts";
import { secretsIn } from "../../platform/redaction/redact.ts";
import { isToken, isWord, surelySecretIn } from "../../platform/redaction/secret-values.ts";
import type { Task } from "../../tasks/bank/task.ts";
import { setupVariables } from "../../tasks/setup/setup-variables.ts";

interface SecretHolders {
  readonly configuration: { readonly providers: readonly Provider[] };
  readonly tasks: Iterable<Task>;
  readonly environment: Pick<Environment, "variables">;
}

/**
 * The providers' keys, the passwords of a company's proxies, what setups get, and every variable of the user that looks
 * like a credential.
 */
export function secretsOfSession({
  configuration: { providers },
  tasks,
  environment: { variables },
}: SecretHolders): KnownSecrets {
  const credentials = providers.flatMap(({ credential, routes }) => [
    credential,
    ...routes.map((route) => route.credential),
  ]);
  const keys = credentials.flatMap((one) =>
    one.mode === "variable" ? (variables[one.variable] ?? []) : [],
  );
  const commandTasks = [...tasks].filter((task) => task.kind === "command");
  const handed = commandTasks.map((task) => setupVariables(task, { variables }));
  const others = secretsIn(variables);
  const proxies = secretsOfProxies(variables);
  return new KnownSecrets({
    sure: [
      ...keys.filter((key) => !isWord(key)),
      ...handed.flatMap(surelySecretIn),
      ...others.filter(isToken),
      ...proxies,
    ],
    likely: [...keys, ...others, ...handed.flatMap((one) => Object.values(one))],
  });
}

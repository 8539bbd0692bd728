import type { Provider } from "../config/configuration.ts";
import type { Environment } from "../environment.ts";

/** A variable that the provider, or a route of it, takes its key from and that is not set. */
export function missingVariable(
  { credential, routes }: Provider,
  { variables }: Environment,
): string | null {
  for (const one of [credential, ...routes.map((route) => route.credential)]) {
    if (one.mode === "variable" && (variables[one.variable] ?? "") === "") return one.variable;
  }
  return null;
}

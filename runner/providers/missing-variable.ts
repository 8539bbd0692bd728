import type { Provider } from "../config/configuration.ts";
import type { Environment } from "../environment.ts";

/** Returns an unset variable that should hold the key of the provider or of one of its routes. */
export function missingVariable(
  { credential, routes }: Provider,
  { variables }: Environment,
): string | null {
  for (const one of [credential, ...routes.map((route) => route.credential)]) {
    if (one.mode === "variable" && (variables[one.variable] ?? "") === "") return one.variable;
  }
  return null;
}

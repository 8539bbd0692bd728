import type { Environment } from "../../platform/environment/environment.ts";
import { spellingsOf } from "../../platform/redaction/secret-spellings.ts";
import type { CommandTask } from "../bank/task.ts";

/** The variables of the user that a task hands to its setup, as far as they are set. */
export function setupVariables(
  { setup }: Pick<CommandTask, "setup">,
  { variables }: Pick<Environment, "variables">,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    setup.variables.flatMap((name) => {
      const value = variables[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Their values, in every spelling: setup may have left them in the tree, and tests may print them. */
export function setupSecrets(
  task: Pick<CommandTask, "setup">,
  environment: Pick<Environment, "variables">,
): readonly string[] {
  return spellingsOf(Object.values(setupVariables(task, environment)));
}

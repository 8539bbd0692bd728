/** Steps of every scenario: the programs that it starts have the mutant, or note what they reach without one. */
import { Before } from "@cucumber/cucumber";

import { programVariables } from "./scenarios.ts";

Before(function (this: { readonly variables: Record<string, string | undefined> }) {
  Object.assign(this.variables, programVariables.now);
});

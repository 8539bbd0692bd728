/** Cucumber loads this file before a task's own steps. */
import { After, World, setDefaultTimeout, setWorldConstructor } from "@cucumber/cucumber";

import { SolutionClient } from "./solution-client.ts";

class SolutionWorld extends World {
  readonly solution = new SolutionClient();
}

setWorldConstructor(SolutionWorld);

/** Longer than the limits for calling or loading a solution, so that their errors come first. */
setDefaultTimeout(20_000);

After(function (this: SolutionWorld) {
  this.solution.close();
});

/** Loaded by cucumber before a task's own steps. */
import { After, World, setWorldConstructor } from "@cucumber/cucumber";

import { SolutionClient } from "./solution-client.ts";

class SolutionWorld extends World {
  readonly solution = new SolutionClient();
}

setWorldConstructor(SolutionWorld);

After(function (this: SolutionWorld) {
  this.solution.close();
});

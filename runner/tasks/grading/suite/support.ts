/** Cucumber loads this file before a task's own steps. */
import { After, World, setDefaultTimeout, setWorldConstructor } from "@cucumber/cucumber";

import { SolutionClient } from "./solution-client.ts";

class SolutionWorld extends World {
  readonly solution = new SolutionClient();
}

setWorldConstructor(SolutionWorld);

/** No timeout: the runner measures the time that a scenario takes itself, which a busy machine does not lengthen. */
setDefaultTimeout(-1);

After(function (this: SolutionWorld) {
  this.solution.close();
});

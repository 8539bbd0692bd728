/** Loaded by cucumber before a task's own steps. */
import { After, World, setDefaultTimeout, setWorldConstructor } from "@cucumber/cucumber";

import { SolutionClient } from "./solution-client.ts";

class SolutionWorld extends World {
  readonly solution = new SolutionClient();
}

setWorldConstructor(SolutionWorld);

/** Longer than a call or the loading of a solution may take, so that those say what is wrong. */
setDefaultTimeout(20_000);

After(function (this: SolutionWorld) {
  this.solution.close();
});

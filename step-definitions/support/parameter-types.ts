import { defineParameterType } from "@cucumber/cucumber";

import { CLAUDE_BEHAVIOURS } from "./claude-behaviours.ts";
import { KILL_MOMENTS } from "./harness-moments.ts";
import { SERVER_FAULTS } from "./stub-model.ts";

/** A parameter that is one of the given phrases, which hold letters, digits and blanks only. */
function definePhrases(name: string, phrases: readonly string[]): void {
  defineParameterType({ name, regexp: phrases, transformer: (phrase: string) => phrase });
}

definePhrases("behaviour", Object.keys(CLAUDE_BEHAVIOURS));
definePhrases("fault", Object.keys(SERVER_FAULTS));
definePhrases("moment", Object.keys(KILL_MOMENTS));

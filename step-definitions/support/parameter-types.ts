import { defineParameterType } from "@cucumber/cucumber";

import { CLAUDE_BEHAVIOURS } from "./claude-behaviours.ts";
import { SERVER_FAULTS } from "./stub-model.ts";
import { UPSTREAM_BEHAVIOURS } from "./upstream-behaviours.ts";

/** A parameter that is one of the given phrases, which hold letters, digits and blanks only. */
function definePhrases(name: string, phrases: readonly string[]): void {
  defineParameterType({ name, regexp: phrases, transformer: (phrase: string) => phrase });
}

definePhrases("behaviour", Object.keys(CLAUDE_BEHAVIOURS));
definePhrases("upstream", Object.keys(UPSTREAM_BEHAVIOURS));
definePhrases("fault", Object.keys(SERVER_FAULTS));

/** The exit code of a command that has run. */
defineParameterType({
  name: "ended",
  regexp: /been run|ended with exit code (\d+)/,
  transformer: (code: string | undefined) => Number(code ?? 0),
});

/** What an upstream says instead of a number, as written in JSON. */
defineParameterType({
  name: "tokens",
  regexp: /-?[\d.]+|"[a-z]+"|null/,
  transformer: (text) => text,
});

/** A key that a request comes with: none, one that nobody gave out, or the agent's own (null). */
defineParameterType({
  name: "key",
  regexp: /no key|a guessed key|the agent's key/,
  transformer: (text) => {
    if (text === "no key") return "";
    return text === "a guessed key" ? "guessed" : null;
  },
});

const AGES_MS: Readonly<Record<string, number>> = { "a day": 86_400_000, "a minute": 60_000 };

/** How old something is, in milliseconds. */
defineParameterType({
  name: "age",
  regexp: Object.keys(AGES_MS),
  transformer: (phrase) => AGES_MS[phrase],
});

/** Whether something is done now or was done before: what was done before has to have succeeded. */
defineParameterType({
  name: "is",
  regexp: /is|are|was|were|has been/,
  transformer: (verb) => !["is", "are"].includes(verb),
});

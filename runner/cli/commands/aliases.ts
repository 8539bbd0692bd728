import type { CodeOf } from "../definitions/definition.ts";
import type { aliases as definition } from "../definitions/manual-commands.ts";
import { done } from "../result.ts";

/** The first letter of an alias names the provider, the second what is done. */
const PROVIDERS = { o: "codex", a: "claude", z: "glm" } as const;

const ACTIONS = {
  s: (provider: string) => `experiment snapshot before ${provider}`,
  e: (provider: string) => `experiment snapshot after ${provider}`,
  x: (provider: string) => `experiment snapshot cross ${provider}`,
  d: (provider: string) => `experiment undo --provider ${provider}`,
} as const;

/** Prints the functions that a shell reads; what follows an alias goes to its command. */
export const aliases: CodeOf<typeof definition> = async ({ shell }) => {
  const lines = Object.entries(PROVIDERS).flatMap(([letter, provider]) =>
    Object.entries(ACTIONS).map(([action, commandOf]) =>
      shell === "fish"
        ? `function ${letter}${action}; ${commandOf(provider)} $argv; end`
        : `${letter}${action}() { ${commandOf(provider)} "$@"; }`,
    ),
  );
  // An alias of the same name would be expanded in the line that defines the function.
  const unalias =
    shell === "fish" ? [] : ["unalias os oe ox od as ae ax ad zs ze zx zd 2>/dev/null || true"];
  return { ...done([...unalias, ...lines].join("\n")), isExact: true };
};

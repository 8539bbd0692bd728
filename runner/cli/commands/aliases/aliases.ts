import { programFile } from "../../../platform/environment/package-folder.ts";
import { quoteForFish, quoteForSh } from "../../../platform/environment/shell-quotes.ts";
import type { CodeOf } from "../../definition.ts";
import { done } from "../../result.ts";
import type { aliases as definition } from "./definition.ts";

/** The first letter of an alias names the provider, the second what is done. */
const PROVIDERS = { o: "codex", a: "claude", z: "glm" } as const;

const ACTIONS = {
  s: (provider: string) => `snapshot before ${provider}`,
  e: (provider: string) => `snapshot after ${provider}`,
  x: (provider: string) => `snapshot cross ${provider}`,
  d: (provider: string) => `undo --provider ${provider}`,
} as const;

/**
 * Prints the functions that a shell reads; what follows an alias goes to its command. They call this very
 * program, since the PATH of a clone's user has none.
 */
export const aliases: CodeOf<typeof definition> = async ({ shell }) => {
  const quote = shell === "fish" ? quoteForFish : quoteForSh;
  const program = [process.execPath, programFile()].map(quote).join(" ");
  const lines = Object.entries(PROVIDERS).flatMap(([letter, provider]) =>
    Object.entries(ACTIONS).map(([action, argsOf]) =>
      shell === "fish"
        ? `function ${letter}${action}; ${program} ${argsOf(provider)} $argv; end`
        : `${letter}${action}() { ${program} ${argsOf(provider)} "$@"; }`,
    ),
  );
  // An alias of the same name would be expanded in the line that defines the function.
  const unalias =
    shell === "fish" ? [] : ["unalias os oe ox od as ae ax ad zs ze zx zd 2>/dev/null || true"];
  return { ...done([...unalias, ...lines].join("\n")), isExact: true };
};

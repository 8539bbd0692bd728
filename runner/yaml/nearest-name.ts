import { Command, Option } from "commander";

/** The known name that a misspelt one probably means, found as the parser finds it for flags. */
export function nearestName(misspelt: string, known: readonly string[]): string | undefined {
  const same = known.find((name) => name.toLowerCase() === misspelt.toLowerCase());
  if (same !== undefined) return same;
  const parser = new Command().helpOption(false).exitOverride();
  parser.configureOutput({ outputError: () => undefined });
  for (const name of known) parser.addOption(new Option(`--${name}`));
  try {
    parser.parse([`--${misspelt}`], { from: "user" });
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    return /Did you mean (?:one of )?--([\w-]+)/u.exec(message)?.[1];
  }
  return undefined;
}

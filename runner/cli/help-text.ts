import { EXIT_MEANINGS } from "../../ledger/domain/exit-codes.ts";
import type { CommandDefinition, Example, OptionDefinition } from "./definition.ts";

/** Help fits a terminal of this width. */
export const COLUMNS_MAX = 80;
const CODE_COLUMNS = 5;

/** The first sentence of a description, without its full stop. */
export function firstSentence(about: string): string {
  return about.split(/\.(?: |$)/u, 1)[0] ?? about;
}

/** The options of a command by heading. */
export function groupsOf({
  options = [],
  optionGroups = {},
}: CommandDefinition): readonly (readonly [string, readonly OptionDefinition[]])[] {
  return Object.entries({ Options: options, ...optionGroups });
}

/** The examples of a command; for a group, the first one of each of its commands. */
export function examplesOf({ examples, commands = [] }: CommandDefinition): readonly Example[] {
  return examples ?? commands.flatMap((one) => one.examples?.slice(0, 1) ?? []);
}

/** Examples as help shows them, each below what it is for. */
export function listExamples(examples: readonly Example[]): string {
  const lines = examples.flatMap(([line, about]) => [
    `  # ${about}`,
    wrapCommandLine(`experiment ${line}`, COLUMNS_MAX - 2).replaceAll(/^/gmu, "  "),
  ]);
  return ["", "Examples:", ...lines].join("\n");
}

/** Exit codes in ascending order: a command's own, or all of them. */
export function describeExits(
  exits: NonNullable<CommandDefinition["exits"]> = EXIT_MEANINGS,
): string {
  const lines = Object.entries(exits).map(
    ([code, meaning]) => `${code.padStart(CODE_COLUMNS)}  ${meaning}`,
  );
  return ["", "Exit codes:", ...lines].join("\n");
}

/** Breaks a command line so that a shell still takes it as one; words in quotes may break too. */
export function wrapCommandLine(line: string, columns: number): string {
  const lines: string[] = [];
  let current = "";
  let quotes = 0;
  for (const word of line.split(" ")) {
    if (current !== "" && `${current} ${word} \\`.length > columns) {
      lines.push(quotes % 2 === 1 ? current : `${current} \\`);
      current = `  ${word}`;
    } else {
      current = current === "" ? word : `${current} ${word}`;
    }
    quotes += word.split("'").length - 1;
  }
  return [...lines, current].join("\n");
}

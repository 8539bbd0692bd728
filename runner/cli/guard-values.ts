import { type Command, InvalidArgumentError, type Option } from "commander";

/**
 * Refuses an option's value that is empty or is itself an option: commander takes whatever comes
 * next, so that `--seed --json` would draw a schedule from the seed "--json".
 */
export function guardValues(command: Command): Command {
  for (const option of command.options.filter(({ required }) => required)) guard(option);
  return command;
}

function guard(option: Option): void {
  const read = option.parseArg;
  option.argParser((value: string, before: unknown) => {
    if (value.startsWith("--")) {
      throw new InvalidArgumentError("That is an option. Write a value before it.");
    }
    if (value.trim() === "" && !hasReader(option)) {
      throw new InvalidArgumentError("Write a value, or leave the option out.");
    }
    return read === undefined ? value : read(value, before);
  });
}

/** Budgets are read by a parser that names their unit; what is empty is its to refuse. */
function hasReader({ long }: Option): boolean {
  return long?.includes("budget") ?? false;
}

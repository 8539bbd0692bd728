import { COMMAND_CODE } from "../../runner/cli/command-code.ts";
import { COMMAND_GROUPS } from "../../runner/cli/command-groups.ts";
import type { CommandDefinition } from "../../runner/cli/definition.ts";
import { groupsOf } from "../../runner/cli/help-text.ts";

/** A command that can be called, with the flags of its options, such as `--data-dir`. */
interface CallableCommand {
  readonly name: string;
  readonly flags: readonly string[];
}

/** Every command and sub-command that has code. */
export function everyCommand(): readonly CallableCommand[] {
  return COMMAND_GROUPS.flatMap(({ commands }) => commands.flatMap((one) => callable(one, "")));
}

function callable(definition: CommandDefinition, parent: string): readonly CallableCommand[] {
  const name = `${parent} ${definition.name}`.trim();
  const inner = (definition.commands ?? []).flatMap((one) => callable(one, name));
  if (COMMAND_CODE[name] === undefined) return inner;
  const flags = groupsOf(definition).flatMap(([, options]) => options.map(([one]) => flagOf(one)));
  return [...inner, { name, flags }];
}

/** `--data-dir` for `--data-dir <folder>`. */
function flagOf(flags: string): string {
  return flags.split(" ")[0] ?? flags;
}

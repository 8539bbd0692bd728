import { Argument, Command, Help, InvalidArgumentError, Option } from "commander";

import type { Environment } from "../platform/environment/environment.ts";
import { toolVersion } from "../platform/environment/package-folder.ts";
import { COMMAND_CODE } from "./command-code.ts";
import { COMMAND_GROUPS } from "./command-groups.ts";
import { STORE } from "./common-options.ts";
import type { Act, CommandDefinition, OptionDefinition, StoreUse } from "./definition.ts";
import {
  COLUMNS_MAX,
  describeExits,
  examplesOf,
  firstSentence,
  groupsOf,
  listExamples,
} from "./help-text.ts";

/** Calls a command's code with what was given on the command line. */
export type Call = (load: () => Promise<Act>, options: never, store: StoreUse) => Promise<void>;

const USAGE = "<command> [options]";

const HELP_COMMAND = ["help [command]", "Print the help of a command"] as const;

const OPTIONS = `
Options:
  -V, --version  Print the version; with --verbose, for a bug report
  -h, --help     Print the help of the program or of a command`;

const EXAMPLES = [
  ["run --seed 42", "the built-in rehearsal: no configuration, no network, no key"],
  ["init", "begin an experiment of your own"],
] as const;

const helpFormat = new Help();

/** Makes the parser of every command; `call` gets the one that was named. */
export function createProgram(environment: Environment, call: Call): Command {
  const program = new Command("experiment")
    .usage(USAGE)
    .description("Compare coding agents by experiment, on your own tasks.")
    .version(toolVersion())
    .helpOption("-h, --help", "print this help")
    .configureHelp({
      // Wraps descriptions even next to the longest options, which leave few columns for them.
      minWidthToWrap: 20,
      subcommandTerm: (command) => command.name(),
      // The program's own options come after its commands.
      visibleOptions: (command) =>
        command.parent === null ? [] : helpFormat.visibleOptions(command),
    })
    .configureOutput({
      writeOut: (text) => environment.stdout.write(text),
      writeErr: (text) => environment.stderr.write(text),
      getOutHelpWidth: () => Math.min(environment.stdout.columns ?? COLUMNS_MAX, COLUMNS_MAX),
      getErrHelpWidth: () => Math.min(environment.stderr.columns ?? COLUMNS_MAX, COLUMNS_MAX),
      // `runCommandLine` prints every failure, with what to do about it.
      outputError: () => undefined,
    })
    .exitOverride()
    // Words after the name of a command belong to it, even if its parent has an option of that name.
    .enablePositionalOptions()
    .addHelpText("after", [OPTIONS, listExamples(EXAMPLES), describeExits()].join("\n"));
  for (const { heading, commands } of COMMAND_GROUPS) {
    program.commandsGroup(`${heading}:`);
    for (const definition of commands)
      addCommand(program, { words: definition.name, definition }, call);
  }
  return program.helpCommand(...HELP_COMMAND);
}

/** A command by all of its words, e.g. `ledger verify`. */
interface Named {
  readonly words: string;
  readonly definition: CommandDefinition;
}

function addCommand(parent: Command, { words, definition }: Named, call: Call): void {
  const { name, about, args = [], exits, commands = [] } = definition;
  const load = COMMAND_CODE[words];
  const command = new Command(name)
    .copyInheritedSettings(parent)
    .summary(firstSentence(about))
    .description(about);
  if (commands.length > 0) {
    command.helpCommand(...HELP_COMMAND).hook("preSubcommand", refuseOptionsBefore);
  }
  if (load === undefined) command.usage(USAGE);
  for (const [argument, meaning, choices] of args) {
    const one = new Argument(argument, meaning);
    command.addArgument(choices === undefined ? one : one.choices(choices));
  }
  for (const [heading, options] of groupsOf(definition)) {
    for (const option of options) command.addOption(toOption(option).helpGroup(`${heading}:`));
  }
  command.addHelpText("after", listExamples(examplesOf(definition)));
  if (exits !== undefined) command.addHelpText("after", describeExits(exits));
  for (const one of commands) {
    addCommand(command, { words: `${words} ${one.name}`, definition: one }, call);
  }
  if (load !== undefined) {
    command.action(async () => {
      // Their type is the command's own: the definition says which there are.
      const options = Object.assign(command.opts<never>(), argumentsOf(command));
      await call(load, options, storeUse(definition));
    });
  }
  parent.addCommand(command);
}

function storeUse({ options = [], readsStore, awaitsStore }: CommandDefinition): StoreUse {
  if (!options.some(([flags]) => flags === STORE[0])) return "none";
  if (readsStore === true) return "itself";
  return awaitsStore === true ? "awaited copy" : "copy";
}

/** Before the name of a sub-command an option would have no effect. */
function refuseOptionsBefore(command: Command, subcommand: Command): void {
  const given = command.options.find(
    (option) => command.getOptionValueSource(option.attributeName()) === "cli",
  );
  if (given === undefined) return;
  const name = subcommand.name();
  command.error(
    `expected ${given.long ?? given.flags} after "${name}", got it before. Write the options of "${name}" after its name.`,
  );
}

function toOption([flags, about, rules = {}]: OptionDefinition): Option {
  const {
    value,
    choices,
    preset,
    conflictsWith = [],
    isRequired = false,
    isRepeatable = false,
  } = rules;
  const option = new Option(flags, about)
    .default(value)
    .conflicts([conflictsWith].flat())
    .makeOptionMandatory(isRequired);
  if (preset !== undefined) option.preset(preset);
  if (choices !== undefined) option.choices(choices);
  if (isRepeatable) option.argParser(append);
  if (option.required) guardValue(option);
  return option;
}

function append(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/**
 * Refuses a value that is empty or is itself an option: commander takes whatever comes next, so
 * that `--seed --json` would draw a schedule from the seed "--json".
 */
function guardValue(option: Option): void {
  const read = option.parseArg;
  // The reader of budgets refuses an empty value itself, and names its unit.
  const mayBeEmpty = option.long?.includes("budget") ?? false;
  option.argParser((value: string, before: unknown) => {
    if (value.startsWith("--")) {
      throw new InvalidArgumentError("That is an option. Write a value before it.");
    }
    if (value.trim() === "" && !mayBeEmpty) {
      throw new InvalidArgumentError("Write a value, or leave the option out.");
    }
    return read === undefined ? value : read(value, before);
  });
}

/** Positional arguments by name, as a command's options have them. */
function argumentsOf(command: Command): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    command.registeredArguments.map((argument, index) => [
      argument.name(),
      command.processedArgs[index],
    ]),
  );
}

import type { CommandDefinition, OptionDefinition } from "../../definition.ts";
import { firstSentence, groupsOf } from "../../help-text.ts";

/** A word that fits at the cursor. */
export interface Candidate {
  readonly word: string;
  readonly about: string;
}

/** Names that only the reader's own folders know. */
export interface OwnNames {
  readonly experiments: () => readonly string[] | Promise<readonly string[]>;
  readonly tasks: (bank: string | undefined) => readonly string[] | Promise<readonly string[]>;
}

interface Place {
  /** The commands that may come next; none after a command's own arguments. */
  readonly commands: readonly CommandDefinition[];
  readonly command: CommandDefinition | null;
  /** The names of the commands so far, e.g. `task check`. */
  readonly path: string;
  readonly given: ReadonlyMap<string, string | undefined>;
  readonly argumentsGiven: number;
  /** The option whose value comes next. */
  readonly open: OptionDefinition | null;
}

/**
 * The words that fit at the end of a command line: its last word has begun, or is empty. None where a file
 * or a text of the reader's own belongs.
 */
export async function completeWords(
  words: readonly string[],
  commands: readonly CommandDefinition[],
  own: OwnNames,
): Promise<readonly Candidate[]> {
  // Bash makes a word of the sign between an option and its value. Behind a last sign the value is empty.
  const known = words.filter((word) => word !== "=");
  const [last = "", ...before] = (words.at(-1) === "=" ? [...known, ""] : known).toReversed();
  const place = before.toReversed().reduce(step, start(commands));
  const found = await candidatesAt(place, last, own);
  return found.filter(({ word }) => word.startsWith(last));
}

function start(commands: readonly CommandDefinition[]): Place {
  const given = new Map<string, string>();
  return { commands, command: null, path: "", given, argumentsGiven: 0, open: null };
}

function step(place: Place, word: string): Place {
  const { open, given } = place;
  if (open !== null)
    return { ...place, open: null, given: new Map([...given, [flagOf(open), word]]) };
  if (word.startsWith("-")) {
    const [flag = word, value] = word.split("=", 2);
    const option = optionsOf(place).find((one) => flagOf(one) === flag);
    const isOpen = option !== undefined && takesValue(option) && value === undefined;
    const all = new Map([...given, [flag, value] as const]);
    return { ...place, given: all, open: isOpen ? option : null };
  }
  const command = place.commands.find(({ name }) => name === word);
  if (command === undefined)
    return { ...place, commands: [], argumentsGiven: place.argumentsGiven + 1 };
  const path = `${place.path} ${word}`.trim();
  return { ...start(command.commands ?? []), command, path };
}

async function candidatesAt(
  place: Place,
  last: string,
  own: OwnNames,
): Promise<readonly Candidate[]> {
  const [flag = "", value] = last.split("=", 2);
  if (place.open !== null) return plain(await valuesOf(place.open, own));
  if (value !== undefined) {
    const option = optionsOf(place).find((one) => flagOf(one) === flag);
    const values = option === undefined ? [] : await valuesOf(option, own);
    return plain(values.map((one) => `${flag}=${one}`));
  }
  if (last.startsWith("-")) {
    return optionsOf(place)
      .filter((one) => !place.given.has(flagOf(one)) || one[2]?.isRepeatable === true)
      .map((one) => ({ word: flagOf(one), about: one[1] }));
  }
  const commands = place.commands.map(({ name, about }) => ({
    word: name,
    about: firstSentence(about),
  }));
  return [...commands, ...plain(await argumentValues(place, own))];
}

/** Commands that take the names of tasks, and the place of the first. */
const TAKE_TASKS: ReadonlySet<string> = new Set(["task check", "task show"]);

async function argumentValues(
  { command, path, given, argumentsGiven }: Place,
  own: OwnNames,
): Promise<readonly string[]> {
  const args = command?.args ?? [];
  const [name = "", , choices = []] = args[argumentsGiven] ?? [];
  const isOpenEnd = args.at(-1)?.[0].includes("...") === true;
  const isTask = TAKE_TASKS.has(path) && (name !== "" || isOpenEnd);
  return isTask ? await own.tasks(given.get("--bank")) : choices;
}

async function valuesOf(option: OptionDefinition, own: OwnNames): Promise<readonly string[]> {
  const [flags, , rules] = option;
  return flags.endsWith("<id>") && IDS_OF_EXPERIMENTS.has(flagOf(option))
    ? await own.experiments()
    : (rules?.choices ?? []);
}

const IDS_OF_EXPERIMENTS: ReadonlySet<string> = new Set(["--experiment", "--extend"]);

const HELP: OptionDefinition = ["--help", "print the help"];

function optionsOf({ command }: Place): readonly OptionDefinition[] {
  const own = command === null ? [] : groupsOf(command).flatMap(([, options]) => options);
  return [...own, HELP, ...(command === null ? [VERSION] : [])];
}

const VERSION: OptionDefinition = ["--version", "print the version"];

function flagOf([flags]: OptionDefinition): string {
  return /--[\w-]+/u.exec(flags)?.[0] ?? flags;
}

function takesValue([flags]: OptionDefinition): boolean {
  return /[<[]/u.test(flags);
}

function plain(words: readonly string[]): readonly Candidate[] {
  return words.map((word) => ({ word, about: "" }));
}

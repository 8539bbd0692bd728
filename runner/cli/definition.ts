import type { ExitCode } from "../../ledger/domain/exit-codes.ts";
import type { Environment } from "../platform/environment/environment.ts";
import type { Result } from "./result.ts";

/** A command as help, reference and parser know it. `command-code.ts` names its code. */
export interface CommandDefinition {
  /** The last word of the command, e.g. `verify` for `experiment ledger verify`. */
  readonly name: string;
  /** Whole sentences. The list of commands shows the first one. */
  readonly about: string;
  readonly args?: readonly ArgumentDefinition[];
  readonly options?: readonly OptionDefinition[];
  /** Options that help lists under headings of their own. */
  readonly optionGroups?: OptionGroups;
  readonly examples?: readonly Example[];
  /** What its exit codes mean, where that is more than the general list says. */
  readonly exits?: Readonly<Partial<Record<ExitCode, string>>>;
  readonly commands?: readonly CommandDefinition[];
  /** It reads the store itself, or none of its rows. Every other command reads this machine's copy, which is made first. */
  readonly readsStore?: true;
  /** It may have been started together with the database, so it waits for a server that takes no connections yet. */
  readonly awaitsStore?: true;
}

/** Commands as help lists them. */
export interface CommandGroup {
  readonly heading: string;
  readonly commands: readonly CommandDefinition[];
}

/** How a command uses a store: by this machine's copy, perhaps as soon as there is a server, by itself, or not at all. */
export type StoreUse = "copy" | "awaited copy" | "itself" | "none";

/** What a command may need of the program that it belongs to. */
export interface Program {
  readonly groups: readonly CommandGroup[];
  /** Runs another command line in this process, and returns its exit code. */
  readonly run: (args: readonly string[], environment: Environment) => Promise<number>;
}

/** The code of any command. */
export type Act = (options: never, environment: Environment, program: Program) => Promise<Result>;

/** The code of one command. The parser has checked the options against the definition. */
export type CodeOf<Definition> = (
  options: OptionsOf<Definition>,
  environment: Environment,
  program: Program,
) => Promise<Result>;

/** What the parser makes of a command's options and arguments. */
export type OptionsOf<Definition> = Values<Given<Listed<Definition>>> &
  Partial<Values<Exclude<Listed<Definition>, Given<Listed<Definition>>>>> &
  (Definition extends { readonly args: readonly (infer Each extends ArgumentDefinition)[] }
    ? { readonly [Name in Each[0] as ArgumentName<Name>]: ArgumentValue<Each, Name> }
    : unknown);

/** The options of every heading, without those whose flags are not known before the program runs. */
type Listed<Definition> = Known<
  | (Definition extends { readonly options: infer Options extends Listing }
      ? Options[number]
      : never)
  | (Definition extends { readonly optionGroups: infer Groups extends OptionGroups }
      ? Groups[keyof Groups][number]
      : never)
>;
type Listing = readonly OptionDefinition[];
type Known<Option> = Option extends OptionDefinition
  ? string extends Option[0]
    ? never
    : Option
  : never;

/** The options that always have a value. */
type Given<Option> = Extract<
  Option,
  readonly [string, string, { readonly isRequired: true } | { readonly value: string }]
>;
type Values<Option extends OptionDefinition> = {
  readonly [Flags in Option[0] as NameOf<Flags>]: ValueOf<
    Extract<Option, readonly [Flags, ...unknown[]]>
  >;
};

type NameOf<Flags> = Flags extends `--${infer Words} ${string}`
  ? CamelCase<Words>
  : Flags extends `--${infer Words}`
    ? CamelCase<Words>
    : never;
type CamelCase<Words extends string> = Words extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Words;
type ValueOf<Option extends OptionDefinition> = Option[0] extends `${string} ${string}`
  ? Option extends readonly [string, string, { readonly choices: readonly (infer Choice)[] }]
    ? Choice
    : Option extends readonly [string, string, { readonly isRepeatable: true }]
      ? readonly string[]
      : string
  : boolean;

type ArgumentName<Name> = Name extends `<${infer Word}>` | `[${infer Word}...]` ? Word : never;
type ArgumentValue<Each, Name> = Name extends `[${string}...]`
  ? readonly string[]
  : Extract<Each, readonly [Name, ...unknown[]]> extends readonly [
        string,
        string,
        readonly (infer Choice)[],
      ]
    ? Choice
    : string;

/** The name as usage shows it is e.g. `<file>` or `[tasks...]`. */
type ArgumentDefinition = readonly [name: string, about: string, choices?: readonly string[]];

/** Options by heading. */
export type OptionGroups = Readonly<Record<string, readonly OptionDefinition[]>>;

/** E.g. `["--seed <seed>", "the seed that draws the schedule"]`. */
export type OptionDefinition = readonly [flags: string, about: string, rules?: OptionRules];

interface OptionRules {
  /** Given where the user gives nothing; the text describes a default that the program works out. */
  readonly value?: string;
  readonly choices?: readonly string[];
  readonly isRequired?: true;
  /** The value if the option has none. */
  readonly preset?: string;
  readonly isRepeatable?: true;
  /** The other option's name as the parser spells it, e.g. `fromCheckpoint`. */
  readonly conflictsWith?: string | readonly string[];
  /** The environment variable that says the same. */
  readonly variable?: string;
}

/** A command line without the leading `experiment`, and what it is for. */
export type Example = readonly [line: string, about: string];

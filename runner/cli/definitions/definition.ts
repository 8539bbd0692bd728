import type { ExitCode } from "../../../ledger/domain/exit-codes.ts";
import type { Environment } from "../../environment.ts";
import type { Result } from "../result.ts";

/** A command as help, reference and parser know it. Its code is loaded only when it is called. */
export interface CommandDefinition {
  /** The last word of the command, e.g. `verify` for `experiment ledger verify`. */
  readonly name: string;
  /** Whole sentences. The first one stands in the list of commands. */
  readonly about: string;
  readonly args?: readonly ArgumentDefinition[];
  readonly options?: readonly OptionDefinition[];
  /** Options that help lists under headings of their own. */
  readonly optionGroups?: OptionGroups;
  readonly examples?: readonly Example[];
  /** What its exit codes mean, where that is more than the general list says. */
  readonly exits?: Readonly<Partial<Record<ExitCode, string>>>;
  readonly commands?: readonly CommandDefinition[];
  /** Absent for a command that only holds others. */
  readonly load?: () => Promise<Act>;
}

/** The code of a command. The parser has checked the options against the definition. */
export type Act = (options: never, environment: Environment) => Promise<Result>;

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
  readonly isRepeatable?: true;
  /** The other option's name as the parser spells it, e.g. `fromCheckpoint`. */
  readonly conflictsWith?: string;
  /** The environment variable that says the same. */
  readonly variable?: string;
}

/** A command line without the leading `experiment`, and what it is for. */
export type Example = readonly [line: string, about: string];

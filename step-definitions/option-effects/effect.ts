import type { FolderName } from "./folders.ts";

/** How one option of a command is tried. */
export interface Effect {
  /** What the second call has besides; `{first}` is the id of the first experiment. */
  readonly add: string;
  /** What follows the command in both calls. */
  readonly base?: string;
  readonly folder?: FolderName;
  /** Calls that come first, in both folders. */
  readonly before?: readonly string[];
  /** The call without the option is refused as wrong. */
  readonly isRefused?: true;
  /** Its numbers, such as times and ports, differ from call to call. */
  readonly varies?: true;
}

/** How the options of one command are tried; what all of them share comes first. */
interface CommandEffects extends Partial<Omit<Effect, "add">> {
  /** By flag; a text is what the second call has besides. */
  readonly options: Readonly<Record<string, string | Effect>>;
}

/** By command, e.g. `ledger verify`. */
export type EffectTable = Readonly<Record<string, CommandEffects>>;

/** Nothing answers at this port. */
export const NO_STORE = "--store postgres://nobody@127.0.0.1:9/none";

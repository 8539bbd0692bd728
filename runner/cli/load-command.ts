import type { Command } from "commander";

import type { Environment } from "../environment.ts";
import type { Result } from "./result.ts";

/** A command's code, loaded only when the command is called: it keeps `--help` quick. */
export type Load<Options> = () => Promise<
  (options: Options, environment: Environment) => Promise<Result>
>;

/** Joins a command to its code. */
export type Joins = <Options>(command: Command, load: Load<Options>) => Command;

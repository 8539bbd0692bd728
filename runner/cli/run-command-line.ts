import { CommanderError } from "commander";

import { CounterbalanceError, FailedError, reasonOf } from "../../ledger/domain/errors.ts";
import { EXIT } from "../../ledger/domain/exit-codes.ts";
import { sayMeant } from "../../ledger/domain/nearest-name.ts";
import { showControls, showControlsBesideStyles } from "../../reports/text/plain-text.ts";
import { foldText } from "../../reports/text/wrap-text.ts";
import type { Environment } from "../platform/environment/environment.ts";
import { columnsOf } from "./columns.ts";
import { COMMAND_GROUPS } from "./command-groups.ts";
import { createProgram } from "./create-program.ts";
import type { Act, StoreUse } from "./definition.ts";

/** Runs one command, prints its result, and returns the exit code. */
export async function runCommandLine(
  args: readonly string[],
  environment: Environment,
): Promise<number> {
  if (asksForDetails(args)) {
    const { describeVersions } = await import("./version-details.ts");
    environment.stdout.write(`${showControls(await describeVersions(environment))}\n`);
    return EXIT.done;
  }
  let exitCode: number = EXIT.done;
  const program = createProgram(environment, async (load, options, store) => {
    const act = await loaded(load);
    const its = store === "none" ? environment : await prepareStore(options, environment, store);
    const result = await act(options, its, { groups: COMMAND_GROUPS, run: runCommandLine });
    const columns =
      isExact(options) || result.isExact === true ? undefined : columnsOf(environment);
    // A calendar ends its lines with CR and LF, the last one too.
    const [end = "\n"] = /\r?\n$/u.exec(result.output) ?? [];
    const shown = showControlsBesideStyles(result.output.replace(/\r?\n$/u, ""));
    const output = columns === undefined ? shown : foldText(shown, columns);
    if (result.output !== "") environment.stdout.write(`${output}${end}`);
    exitCode = result.exitCode;
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    return report(error, environment);
  }
}

/** The program may be replaced while it runs: a schedule calls its commands for days. */
async function loaded(load: () => Promise<Act>): Promise<Act> {
  try {
    return await load();
  } catch (cause) {
    throw new ProgramReplacedError(
      `This program was replaced or removed: ${reasonOf(cause)}. Start it again.`,
      { cause },
    );
  }
}

class ProgramReplacedError extends FailedError {}

/** Commands that use no ledger start faster without this code. */
async function prepareStore(
  options: object,
  environment: Environment,
  use: Exclude<StoreUse, "none">,
): Promise<Environment> {
  const { useStore } = await import("../platform/environment/use-store.ts");
  return await useStore(options, environment, use);
}

/** Whether a command line asks for what a bug report needs. */
function asksForDetails(args: readonly string[]): boolean {
  const isVersion = args.includes("--version") || args.includes("-V");
  return args.length === 2 && isVersion && args.includes("--verbose");
}

/** Programs read JSON, and get it as it is. */
function isExact(options: unknown): boolean {
  return (
    typeof options === "object" && options !== null && "json" in options && options.json === true
  );
}

/** Known failures print their message; a bug keeps its stack. */
function report(error: unknown, { stderr }: Environment): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.done;
    if (error.code !== HELP_SHOWN) stderr.write(`experiment: ${showControls(sayUsage(error))}\n`);
    return EXIT.usage;
  }
  if (error instanceof CounterbalanceError) {
    stderr.write(`experiment: ${showControls(error.message)}\n`);
    return error.exitCode;
  }
  const mend = mendOf(error);
  if (error instanceof Error && mend !== undefined) {
    stderr.write(`experiment: ${showControls(error.message)}. ${mend}\n`);
    return EXIT.failed;
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  stderr.write(`${showControls(trace)}\n`);
  return EXIT.failed;
}

const RIGHTS = "Get the right to use it, or name another folder with --data-dir.";
const ROOM = "Make room on its disk, or name another folder with --data-dir.";
const PLACE = "Something else is in its place: move it away.";

/** What to do if the system refuses to use a file. Its other codes are bugs. */
const FILE_MENDS: Readonly<Record<string, string>> = {
  EACCES: RIGHTS,
  EPERM: RIGHTS,
  EROFS: RIGHTS,
  ENOSPC: ROOM,
  EDQUOT: ROOM,
  EISDIR: PLACE,
  ENOTDIR: PLACE,
  EEXIST: PLACE,
};

function mendOf(error: unknown): string | undefined {
  const isOfSystem = error instanceof Error && "syscall" in error && "code" in error;
  return isOfSystem ? FILE_MENDS[String(error.code)] : undefined;
}

/** Commander has printed the help, since no command was named. */
const HELP_SHOWN = "commander.help";

function sayUsage({ code, message }: CommanderError): string {
  const { fault = message, near } =
    /^(?:error: )?(?<fault>[^]*?)\.?(?:\n\((?<near>Did you mean [^]+)\))?$/u.exec(message)
      ?.groups ?? {};
  const mend = near ?? MENDS[code] ?? meantChoice(message);
  return `${fault}.${mend === undefined ? "" : ` ${mend}`} (--help says more)`;
}

/** Commander finds the nearest command or option, but not the nearest choice of a value. */
function meantChoice(message: string): string | undefined {
  const refused =
    /(?:argument|value) '(?<given>[^']*)' is invalid(?: for argument '.*')?\. Allowed choices are (?<choices>.*)\.$/u.exec(
      message,
    );
  if (refused === null) return undefined;
  const { given = "", choices = "" } = refused.groups ?? {};
  const provider = METER_SOURCES[given];
  if (provider !== undefined) {
    return `${given} shows a meter at one moment. Write e.g. experiment snapshot before ${provider} --file FILE.`;
  }
  return sayMeant(given, choices.split(", ")).trimStart() || undefined;
}

/** Formats that rows of readings name, and the provider whose reading they are. */
const METER_SOURCES: Readonly<Record<string, string>> = {
  "claude-monitor": "claude",
  "claude-usage": "claude",
  "codex-status": "codex",
  "glm-quota": "glm",
};

const MENDS: Readonly<Record<string, string>> = {
  "commander.optionMissingArgument": "Write a value after it.",
};

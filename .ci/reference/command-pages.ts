import { EXIT_MEANINGS } from "../../ledger/domain/exit-codes.ts";
import { COMMAND_CODE } from "../../runner/cli/command-code.ts";
import { COMMAND_GROUPS } from "../../runner/cli/command-groups.ts";
import type { CommandDefinition, OptionDefinition } from "../../runner/cli/definition.ts";
import { firstSentence, groupsOf, wrapCommandLine } from "../../runner/cli/help-text.ts";
import { block, code, page, section } from "./markdown.ts";

/** A command that can be called, by all of its words. */
interface NamedCommand {
  /** E.g. `ledger verify`. */
  readonly words: string;
  readonly definition: CommandDefinition;
}

const SOURCE = "runner/cli/commands";
const EXITS_SOURCE = "ledger/domain/exit-codes.ts";
const COLUMNS_MAX = 100;

const OTHER_VARIABLES: readonly (readonly [string, string])[] = [
  ["`TRACKER_DATA_DIR`", "`COUNTERBALANCE_DATA_DIR`, if that is not set"],
  ["`TRACKER_ALIAS_STATE_DIR`", "the folder `state` of the data folder: what each agent works on"],
  [
    "`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`, `NODE_USE_ENV_PROXY`",
    "nothing: they name [the proxy of a company](../how-to/company-network.md)",
  ],
  [
    "`SSL_CERT_FILE`, `NODE_EXTRA_CA_CERTS`",
    "nothing: they name [files of authorities](../how-to/company-network.md) to trust",
  ],
  ["`NO_COLOR`", "nothing: it turns colours off, even on a terminal"],
  ["`COLUMNS`", "the terminal's width; a pipe or a file has none"],
];

const groups = COMMAND_GROUPS.map(({ heading, commands }) => ({
  heading,
  commands: commands.flatMap((definition) => callable(definition, "")),
}));
const all = groups.flatMap(({ commands }) => commands);

/** The pages of the commands and of what they share, by their path below `docs/reference/`. */
export function commandPages(): ReadonlyMap<string, string> {
  return new Map([
    ["commands/README.md", indexPage()],
    ...all.map((one) => [`commands/${fileOf(one)}`, commandPage(one)] as const),
    ["exit-codes.md", exitCodePage()],
    ["environment.md", variablePage()],
  ]);
}

function callable(definition: CommandDefinition, parent: string): readonly NamedCommand[] {
  const words = `${parent} ${definition.name}`.trim();
  const inner = (definition.commands ?? []).flatMap((one) => callable(one, words));
  return COMMAND_CODE[words] === undefined ? inner : [{ words, definition }, ...inner];
}

function fileOf({ words }: NamedCommand): string {
  return `${words.replaceAll(" ", "-")}.md`;
}

function indexPage(): string {
  return page(
    SOURCE,
    "# Commands",
    "Every command has `--help` with examples. Results go to stdout, progress and messages to stderr.",
    "The examples are for a clone of Counterbalance. After a global install, write `experiment` for `npx experiment`. Anywhere else, write `npx counterbalance`, because `npx experiment` would fetch another package of that name.",
    ...groups.map(({ heading, commands }) =>
      section(
        `## ${heading}`,
        ["command", "what it does"],
        commands.map((one) => [
          `[${code(one.words)}](${fileOf(one)})`,
          firstSentence(one.definition.about),
        ]),
      ),
    ),
  );
}

function commandPage({ words, definition }: NamedCommand): string {
  const { about, args = [], examples = [], exits = {} } = definition;
  const usage = ["experiment", words, ...args.map(([name]) => name), "[options]"].join(" ");
  return page(
    SOURCE,
    `# experiment ${words}`,
    about,
    block("text", [usage]),
    section(
      "## Arguments",
      ["argument", "meaning"],
      args.map(([name, meaning, choices]) => [
        code(name),
        [meaning, ...listChoices(choices)].join("; "),
      ]),
    ),
    ...groupsOf(definition).map(([heading, options]) =>
      section(
        `## ${heading}`,
        ["option", "meaning"],
        options.map((option) => [code(option[0]), meaningOf(option)]),
      ),
    ),
    "## Examples",
    block(
      "sh",
      examples.flatMap(([line, purpose]) => [
        `# ${purpose}`,
        wrapCommandLine(`npx experiment ${line}`, COLUMNS_MAX),
      ]),
    ),
    section("## Exit codes", ["code", "meaning"], Object.entries(exits)),
    "[All exit codes](../exit-codes.md)",
  );
}

function meaningOf([, about, rules = {}]: OptionDefinition): string {
  const { value, choices, conflictsWith, variable, isRequired = false } = rules;
  return [
    about,
    ...listChoices(choices),
    ...(isRequired ? ["required"] : []),
    ...(value === undefined ? [] : [`default ${code(value)}`]),
    ...(conflictsWith === undefined
      ? []
      : [
          `not with ${[conflictsWith]
            .flat()
            .map((name) => code(toFlag(name)))
            .join(" or ")}`,
        ]),
    ...(variable === undefined ? [] : [`or ${code(variable)}`]),
  ].join("; ");
}

function listChoices(choices: readonly string[] | undefined): readonly string[] {
  return choices === undefined ? [] : [`one of ${choices.map(code).join(", ")}`];
}

/** `--from-checkpoint` for `fromCheckpoint`. */
function toFlag(name: string): string {
  return `--${name.replaceAll(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)}`;
}

function exitCodePage(): string {
  const special = all.flatMap((one) =>
    Object.entries(one.definition.exits ?? {}).map(([exitCode, meaning]) => [
      `[${code(one.words)}](commands/${fileOf(one)})`,
      exitCode,
      meaning,
    ]),
  );
  return page(
    `${SOURCE} and ${EXITS_SOURCE}`,
    section("# Exit codes", ["code", "meaning"], Object.entries(EXIT_MEANINGS)),
    section("## Single commands", ["command", "code", "meaning"], special),
  );
}

function variablePage(): string {
  const options = all
    .flatMap(({ definition }) => groupsOf(definition))
    .flatMap(([, definitions]) => definitions);
  const byVariable = new Map(options.map((option) => [option[2]?.variable, option]));
  const rows = [...byVariable].flatMap(([variable, option]) =>
    variable === undefined ? [] : [[code(variable), insteadOf(option)]],
  );
  return page(
    SOURCE,
    "# Environment variables",
    "The command line wins over the environment, the environment over the file, and the file over the defaults.",
    section("## Variables", ["variable", "takes the place of"], [...rows, ...OTHER_VARIABLES]),
    "Every budget takes a number, where 0 allows nothing, or `unlimited`, which also drops the limit of a later source.",
    "`AGENT_ID` also names the writer of other rows (default: `harness`).",
    "The keys of providers are read from the variables that the configuration names (`auth: env NAME`).",
  );
}

function insteadOf([flags, , rules]: OptionDefinition): string {
  const [flag = "", value] = flags.split(" ");
  const form = rules?.isRepeatable === true ? "; several joined by commas" : "";
  return `${code(flag)}${value === undefined ? "; `true` or `false`" : form}`;
}

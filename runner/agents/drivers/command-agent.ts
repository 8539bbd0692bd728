import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

import type { DialectName } from "../../gateway/proxy/dialects/dialect.ts";
import type { CommandLine } from "../../platform/processes/command-line.ts";
import { findExecutable } from "../../platform/processes/find-executable.ts";
import { type Installation, installationOf } from "../sandbox/installation.ts";
import { clientVariables } from "./agent-variables.ts";
import {
  type CommandAgent,
  type CommandDialect,
  fillIn,
  type PlaceholderValues,
} from "./command-file.ts";
import type { AgentAssignment, Driver, DriverProbe } from "./driver.ts";
import { probeExecutable } from "./probe-executable.ts";
import { readOwnReport } from "./read-own-report.ts";

const VENDORS = {
  anthropic: "anthropic",
  openai: "openai",
  gemini: "google",
} as const satisfies Record<CommandDialect, Driver["vendor"]>;

/** The names by which most programs find the address and the key of an API. */
const USUAL_VARIABLES: Readonly<Record<CommandDialect, CommandLine["env"]>> = {
  anthropic: { ANTHROPIC_BASE_URL: "{anthropic_base_url}", ANTHROPIC_API_KEY: "{key}" },
  openai: { OPENAI_BASE_URL: "{openai_base_url}", OPENAI_API_KEY: "{key}" },
  gemini: { GOOGLE_GEMINI_BASE_URL: "{gemini_base_url}", GEMINI_API_KEY: "{key}" },
};

const NAMES: Readonly<Record<CommandDialect, readonly [DialectName, ...DialectName[]]>> = {
  anthropic: ["anthropic-messages"],
  openai: ["openai-chat", "openai-responses"],
  gemini: ["gemini"],
};

const HASH_CHARACTERS = 12;

/** The driver of a program of the user's own, as `experiment.yaml` describes it. */
export function commandAgent(agent: CommandAgent): Driver {
  const [program = ""] = agent.words;
  const title = path.basename(ownFiles(agent)[0] ?? program);
  const [dialect = "anthropic"] = agent.dialects;
  const { usage } = agent;
  return {
    name: `command:${title}`,
    title,
    vendor: VENDORS[dialect],
    dialects: [NAMES[dialect][0], ...agent.dialects.flatMap((name) => NAMES[name]).slice(1)],
    probe: (environment) => probe(agent, environment),
    installation: (executable) => install(agent, executable),
    commandLine: (assignment, context) => {
      const values = valuesFor(assignment, agent);
      const usual = agent.dialects.map((name) => USUAL_VARIABLES[name]);
      const { interception } = assignment;
      return {
        file: context.executable,
        args: agent.words.slice(1).map((word) => fillIn(word, values)),
        env: {
          ...clientVariables(assignment, context),
          ...(interception === undefined ? fillAll(Object.assign({}, ...usual), values) : {}),
          ...fillAll(agent.env, values),
        },
      };
    },
    ...(usage === undefined
      ? {}
      : { readReport: (place, options) => readOwnReport({ ...place, usage }, options) }),
  };
}

function fillAll(variables: CommandLine["env"], values: PlaceholderValues): CommandLine["env"] {
  return Object.fromEntries(
    Object.entries(variables).map(([name, text]) => [name, fillIn(text, values)]),
  );
}

function valuesFor(
  { home, prompt, model, proxyUrl, proxyKey }: AgentAssignment,
  { folder }: CommandAgent,
): PlaceholderValues {
  return {
    prompt,
    prompt_file: path.join(home, "prompt.md"),
    model,
    anthropic_base_url: proxyUrl,
    openai_base_url: `${proxyUrl}/v1`,
    gemini_base_url: proxyUrl,
    key: proxyKey,
    home,
    folder,
  };
}

const INSTALL = "its own means, or correct its command in experiment.yaml";

async function probe(
  agent: CommandAgent,
  environment: Parameters<Driver["probe"]>[0],
): Promise<DriverProbe> {
  const { words, version = words } = agent;
  const searched = environment.variables["PATH"];
  const executable = await find(agent, words, searched);
  const asked = await find(agent, version, searched);
  const missing = ownFiles(agent).find((file) => !existsSync(file));
  if (missing !== undefined) return lacking(`the file ${missing}`);
  if (executable === undefined) return lacking(`the command "${String(words[0])}"`);
  if (asked === undefined) return lacking(`the command "${String(version[0])}"`);
  if (agent.version === undefined) {
    return { ready: true, executable, version: hashOf([executable, ...ownFiles(agent)]) };
  }
  const answer = await probeExecutable(environment, {
    command: asked,
    args: version.slice(1).map((word) => fillIn(word, { folder: agent.folder })),
    version: /\S*\d\S*/u,
    install: INSTALL,
  });
  return answer.ready ? { ...answer, executable } : answer;
}

function lacking(lacks: string): DriverProbe {
  return { ready: false, lacks, install: INSTALL };
}

/** A program with a slash is a file, relative to the folder of `experiment.yaml`; others are in PATH. */
async function find(
  agent: CommandAgent,
  [program = ""]: readonly string[],
  searched: string | undefined,
): Promise<string | undefined> {
  const word = fillIn(program, { folder: agent.folder });
  if (!word.includes("/")) return await findExecutable(word, searched);
  const file = path.resolve(agent.folder, word);
  return await findExecutable(path.basename(file), path.dirname(file));
}

/** The files and folders that its words name by `{folder}`. */
function ownFiles({ words, folder }: CommandAgent): readonly string[] {
  return words
    .filter((word) => word.startsWith("{folder}/"))
    .map((word) => path.resolve(fillIn(word, { folder })));
}

/** What a program without a version of its own is recorded as. */
function hashOf(files: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of files) if (statSync(file).isFile()) hash.update(readFileSync(file));
  return `sha256:${hash.digest("hex").slice(0, HASH_CHARACTERS)}`;
}

function install(agent: CommandAgent, executable: string): Installation {
  const { readable, links } = installationOf(executable);
  const further = agent.readable.map((name) =>
    path.resolve(agent.folder, fillIn(name, { folder: agent.folder })),
  );
  return { readable: [...readable, ...ownFiles(agent), ...further], links };
}

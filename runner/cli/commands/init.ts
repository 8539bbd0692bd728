import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";

import { ConfigurationError } from "../../configuration-error.ts";
import { claudeCode } from "../../drivers/claude-code.ts";
import { packageFolder } from "../../package-folder.ts";
import type { CodeOf } from "../definitions/definition.ts";
import type { init as definition } from "../definitions/experiment-commands.ts";
import { done, reasonOf } from "../result.ts";

/** Writes a commented configuration for the agents on this machine. */
export const init: CodeOf<typeof definition> = async ({ config }, environment) => {
  const file = path.resolve(environment.cwd, config);
  if (existsSync(file)) {
    throw new ConfigurationError(
      `${file}: it is there already. Name another file with --config, or edit this one.`,
    );
  }
  const probe = await claudeCode.probe(environment);
  const folder = path.dirname(file);
  const schema = path.relative(folder, path.join(packageFolder(), "docs/experiment.schema.json"));
  const bank = existsSync(path.join(folder, OWN_BANK)) ? OWN_BANK : "builtin";
  writeConfiguration(file, template({ schema, bank, hasClaude: probe.ready }));
  const found = probe.ready
    ? `Claude Code ${probe.version} was found.`
    : `Claude Code was not found; install it with: ${probe.install}`;
  return done(
    `${file} was written. ${found}\nLook at what it would do: experiment plan --config ${config}`,
  );
};

const OWN_BANK = "task-bank";

function writeConfiguration(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (cause) {
    throw new ConfigurationError(
      `${file}: expected a file that can be written, got: ${reasonOf(cause)}. Name another one with --config.`,
    );
  }
}

interface Template {
  /** Relative to the file that is written. */
  readonly schema: string;
  readonly bank: string;
  readonly hasClaude: boolean;
}

function template({ schema, bank, hasClaude }: Template): string {
  const driver = hasClaude ? "claude-code" : "builtin-agent";
  const auth = hasClaude ? "inherit" : "env ANTHROPIC_API_KEY";
  return `# yaml-language-server: $schema=${schema}
# An experiment: every task to every provider, in a seeded, counter-balanced order.
# "experiment plan" shows what it would do; "experiment run" does it.
name: my-experiment
seed: "42"                     # always a text in quotes; draws the order

tasks:
  bank: ${bank.padEnd(23)}# builtin, or a folder of your own tasks, relative to this file
  include: ["*"]               # ids or patterns, e.g. [lru-cache, "room-*"]
  replicates: 1                # how often every provider gets every task

# Two ways to get work done that you could pay for. Drivers: claude-code, builtin-agent.
# auth: inherit is the client's own log-in; auth: env NAME is a key in an environment variable.
providers:
  sonnet: { driver: ${driver}, vendor: anthropic, model: claude-sonnet-4-5, auth: ${auth} }
  haiku:  { driver: ${driver}, vendor: anthropic, model: claude-haiku-4-5, auth: ${auth} }
baseline: sonnet

# Any endpoint that speaks the Anthropic Messages API can be an upstream of a provider:
# upstreams:
#   local: { base_url: http://127.0.0.1:8080, auth: env LOCAL_API_KEY, header: bearer }

budgets:
  mode: block                  # warn: only say so
  basis: uncached              # all: cache reads count too
  overall: { tokens: 2000000 }
  commands:
    /implement: { tokens: 120000 }   # one attempt at one task

limits: { window_minutes: 30, idle_minutes: 5 }
`;
}

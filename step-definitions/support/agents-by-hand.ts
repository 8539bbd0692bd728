import { mkdirSync } from "node:fs";

import { execa } from "execa";

import { composePrompt } from "../../runner/experiment/windows/compose-prompt.ts";
import { loadTaskBank } from "../../runner/tasks/bank/load-task-bank.ts";
import { SERVER_MODELS } from "./counting-server.ts";
import { BUILTIN_BANK } from "./own-bank.ts";
import { HANG_MS } from "./wait-until.ts";
import type { ExperimentWorld } from "./world.ts";

const [MODEL] = SERVER_MODELS;

/** How an agent ended that somebody started by hand. */
interface AgentEnd {
  readonly exitCode: number;
  readonly output: string;
}

const ends = new WeakMap<ExperimentWorld, AgentEnd>();

/** Lets the real Codex work a task by its built-in provider, at another address. */
export async function runCodex(
  world: ExperimentWorld,
  address: string,
  more: readonly string[] = [],
): Promise<void> {
  const settings = [
    ...more,
    "analytics.enabled=false",
    "features.plugins=false",
    `openai_base_url="${address}"`,
  ];
  const freely = ["--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox"];
  const given = settings.flatMap((setting) => ["-c", setting]);
  await runAgent(world, {
    file: "codex",
    args: ["exec", "--json", ...freely, "--model", MODEL, ...given, "--", prompt()],
    variables: { CODEX_HOME: homeOf(world), CODEX_API_KEY: "sk-dummy" },
  });
}

/** Lets the real Claude Code work a task, at another address. */
export async function runClaude(
  world: ExperimentWorld,
  address: string,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const format = ["--output-format", "stream-json", "--verbose"];
  await runAgent(world, {
    file: "claude",
    args: [
      "-p",
      ...format,
      "--permission-mode",
      "bypassPermissions",
      "--model",
      MODEL,
      "--",
      prompt(),
    ],
    variables: {
      CLAUDE_CONFIG_DIR: homeOf(world),
      ANTHROPIC_BASE_URL: address,
      ANTHROPIC_API_KEY: "sk-dummy",
      IS_SANDBOX: "1",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: "1",
      DISABLE_AUTOUPDATER: "1",
      DISABLE_TELEMETRY: "1",
      DISABLE_ERROR_REPORTING: "1",
      ...more,
    },
  });
}

export function byHand(world: ExperimentWorld): AgentEnd {
  const end = ends.get(world);
  if (end === undefined) throw new Error("Nobody has started an agent in this scenario.");
  return end;
}

/** In folders of the scenario's own, with nothing of this environment but the path. */
async function runAgent(
  world: ExperimentWorld,
  agent: {
    readonly file: string;
    readonly args: readonly string[];
    readonly variables: Readonly<Record<string, string>>;
  },
): Promise<void> {
  const cwd = world.file("by-hand");
  mkdirSync(cwd, { recursive: true });
  const { exitCode, all } = await execa(agent.file, agent.args, {
    cwd,
    env: { PATH: world.variables["PATH"], HOME: homeOf(world), ...agent.variables },
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    all: true,
    timeout: HANG_MS,
  });
  ends.set(world, { exitCode: exitCode ?? -1, output: all });
}

function homeOf(world: ExperimentWorld): string {
  const home = world.file("by-hand-home");
  mkdirSync(home, { recursive: true });
  return home;
}

function prompt(): string {
  const [task] = loadTaskBank(BUILTIN_BANK, ["lru-cache"]);
  if (task === undefined) throw new Error("The bank has no such task.");
  return composePrompt(task);
}

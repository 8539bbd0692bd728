import { execa } from "execa";

import { timestampOf } from "../../../ledger/domain/timestamp.ts";
import { claudeUsage } from "../../../ledger/sources/claude-usage/parse.ts";
import { codexStatus } from "../../../ledger/sources/codex-status/parse.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { findExecutable } from "../../platform/processes/find-executable.ts";
import { MARKER_VARIABLE, sweepProcesses } from "../../platform/processes/sweep-processes.ts";
import { TrackerUsageError } from "../windows/tracker-errors.ts";
import { captureScreen } from "./capture-screen.ts";
import { readNewestRollout } from "./newest-rollout.ts";

const PRINT_LIMIT_MS = 60_000;
const HELP_LIMIT_MS = 30_000;
const OUTPUT_CHARACTERS_MAX = 1_048_576;

export interface RunRequest {
  readonly source: "codex" | "claude" | "glm";
  readonly timeZone: string;
  /** How long to wait for the limits. */
  readonly waitMs: number;
}

/**
 * The limits without anybody's help: from the newest session log or from what the program prints, if
 * that states them, otherwise from its screen.
 * @throws TrackerUsageError if the program is absent or shows no limits.
 */
export async function captureByRun(request: RunRequest, environment: Environment): Promise<string> {
  const { source } = request;
  switch (source) {
    case "codex":
      return (await readNewestRollout(environment)) ?? (await runCodex(request, environment));
    case "claude":
      return await runClaude(request, environment);
    case "glm":
      throw new TrackerUsageError(
        "--run: expected codex or claude, got glm, which has no pane. Save the quota JSON and name its file with --file.",
      );
  }
}

async function runCodex(request: RunRequest, environment: Environment): Promise<string> {
  const file = await findProgram("codex", environment);
  const { stdout } = await ask([file, "--help"], HELP_LIMIT_MS, environment);
  // Its background server would outlive the capture.
  const args = stdout.includes("--no-daemon") ? ["--no-daemon"] : [];
  const script = {
    name: "Codex",
    file,
    args,
    words: "/status",
    prompt: /^\s*[›▌>] (?!\d+\.)\s*\S/mu,
    end: /limit:[^╰└]*[╰└]─/u,
    again: /run \/status again|not available yet|refresh requested/iu,
    parser: codexStatus,
  };
  return await captureScreen(script, environment, request);
}

async function runClaude(request: RunRequest, environment: Environment): Promise<string> {
  const file = await findProgram("claude", environment);
  const { stdout } = await ask(
    [file, "-p", "/usage"],
    Math.min(request.waitMs, PRINT_LIMIT_MS),
    environment,
  );
  const { clock } = environment;
  const capture = { capturedAt: timestampOf(clock.nowMs()), timeZone: request.timeZone };
  if (claudeUsage.parse(stdout, capture).meters.length > 0) return stdout;
  const script = {
    name: "Claude Code",
    file,
    args: [],
    words: "/usage",
    prompt: /^\s*[❯>](?:\s|$)(?!\s*\d+\.)/mu,
    end: /Esc to (?:cancel|close|exit)/u,
    again: /Failed to load usage data/u,
    parser: claudeUsage,
  };
  return await captureScreen(script, environment, request);
}

async function findProgram(name: string, { variables }: Environment): Promise<string> {
  const file = await findExecutable(name, variables["PATH"]);
  if (file !== undefined) return file;
  throw new TrackerUsageError(
    `--run: expected ${name} in a folder of PATH, got none. Install it, or save its pane and name the file with --file.`,
  );
}

/** What a program prints by itself, in bounds; nothing of it stays. */
async function ask(
  [file = "", ...args]: readonly string[],
  limitMs: number,
  { cwd, variables, randomId }: Environment,
) {
  const marker = randomId();
  try {
    return await execa(file, args, {
      cwd,
      env: { ...variables, [MARKER_VARIABLE]: marker },
      extendEnv: false,
      reject: false,
      stdin: "ignore",
      timeout: limitMs,
      maxBuffer: OUTPUT_CHARACTERS_MAX,
    });
  } finally {
    await sweepProcesses({ marker });
  }
}

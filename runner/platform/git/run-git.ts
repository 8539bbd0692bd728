import { execa } from "execa";

import { FailedError, UsageError } from "../../../ledger/domain/errors.ts";
import type { Environment } from "../environment/environment.ts";
import { findTool } from "../processes/find-executable.ts";

/** A git command failed. */
export class GitError extends FailedError {}

/** Git is not installed. No message may blame the repository for that. */
export class GitMissingError extends UsageError {
  constructor() {
    super(GIT_MISSING);
  }
}

export const GIT_MISSING =
  "git is not in PATH, and every workspace is a git repository. Install git.";

/** For a result that may be missing: an agent's files can be such that git takes too long or says too much. */
export function nullIfGit(error: unknown): null {
  if (error instanceof GitError) return null;
  throw error;
}

export interface GitCall {
  /** The repository's own folder; without it git would look for one. */
  readonly gitDir: string;
  readonly workTree?: string | undefined;
  readonly args: readonly string[];
  readonly input?: AsyncIterable<string | Buffer>;
  /** Absent: that of a window's files. */
  readonly limitMs?: number;
  /** The time that git may compute, for work that an agent can make endless; absent: only `limitMs` holds. */
  readonly cpuSecondsMax?: number;
  readonly outputBytesMax?: number;
  /** Ends it earlier. */
  readonly until?: AbortSignal | undefined;
  /** Called with what git says on stderr although it succeeds. */
  readonly onWarning?: (said: string) => void;
}

/** The part of the environment that is needed to find git. */
export type GitEnvironment = Pick<Environment, "variables">;

/** For the programs that git itself starts. */
const SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin";
const TIME_LIMIT_MS = 120_000;
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;
const SAID_CHARACTERS_MAX = 500;
/** A tree without files, which every git knows. */
const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/**
 * Settings for every call, which override those of a repository. The agent may write to every file that
 * git reads; none of them may start a program or change what is recorded.
 */
const SETTINGS = [
  "core.fsmonitor=false",
  "core.hooksPath=/dev/null",
  "core.attributesFile=/dev/null",
  // From git 2.43 on, no attributes of a work tree or a commit are read.
  `attr.tree=${EMPTY_TREE}`,
  "core.excludesFile=/dev/null",
  "core.autocrlf=false",
  "core.safecrlf=false",
  "core.fileMode=true",
  "core.symlinks=true",
  "core.quotePath=false",
  "core.protectNTFS=false",
  "core.protectHFS=false",
  "commit.gpgSign=false",
  "gc.auto=0",
  "protocol.allow=never",
  // An import stays one pack; unpacking it would be another start of git.
  "fastimport.unpackLimit=1",
].flatMap((setting) => ["-c", setting]);

/** Runs git without the user's, the system's or the agent's configuration. Returns its stdout. */
export async function runGit(call: GitCall, environment: GitEnvironment): Promise<string> {
  return (await runGitForBytes(call, environment)).toString("utf8");
}

/** Like `runGit`, for content that is not text. */
export async function runGitForBytes(call: GitCall, environment: GitEnvironment): Promise<Buffer> {
  const where = [`--git-dir=${call.gitDir}`];
  if (call.workTree !== undefined) where.push(`--work-tree=${call.workTree}`);
  const git = await findTool("git", environment.variables["PATH"] ?? SYSTEM_PATH);
  if (git === undefined) throw new GitMissingError();
  const [program, ...first] = limitCpu(git, call.cpuSecondsMax);
  const result = await execa(program, [...first, ...SETTINGS, ...where, ...call.args], {
    cwd: "/",
    env: {
      PATH: SYSTEM_PATH,
      LC_ALL: "C",
      HOME: "/dev/null",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_SYSTEM: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_ATTR_NOSYSTEM: "1",
      GIT_TERMINAL_PROMPT: "0",
      GIT_NO_LAZY_FETCH: "1",
    },
    extendEnv: false,
    stdin: call.input ?? "ignore",
    // Ctrl-C reaches every process in the terminal's group. Git is left out, so that the run ends in order.
    detached: true,
    encoding: "buffer",
    stripFinalNewline: false,
    timeout: call.limitMs ?? TIME_LIMIT_MS,
    ...(call.until === undefined ? {} : { cancelSignal: call.until }),
    forceKillAfterDelay: 1000,
    maxBuffer: call.outputBytesMax ?? OUTPUT_BYTES_MAX,
    reject: false,
  });
  const said = Buffer.from(result.stderr).toString("utf8").trim();
  if (!result.failed) {
    call.onWarning?.(said);
    return Buffer.from(result.stdout);
  }
  throw new GitError(
    `git ${call.args[0]} failed in ${call.gitDir}: ${said.slice(0, SAID_CHARACTERS_MAX) || result.message}`,
    {
      cause: result.cause,
    },
  );
}

/** The system ends a program that has computed for longer. */
function limitCpu(git: string, seconds: number | undefined): readonly [string, ...string[]] {
  if (seconds === undefined) return [git];
  return ["/bin/sh", "-c", 'ulimit -t "$0" && exec "$@"', String(seconds), git];
}

import { execFile } from "node:child_process";
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

import { z } from "zod";

import { hasCode } from "../../../ledger/domain/errors.ts";
import { parseJson } from "../../../ledger/domain/parse-json.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { packageFolder } from "../../platform/environment/package-folder.ts";
import type { CommandLine } from "../../platform/processes/command-line.ts";
import { runAgentProcess } from "../../platform/processes/run-agent-process.ts";
import { sendSignal } from "../../platform/processes/sweep-processes.ts";
import { type EscapeTargets, HOST_SEES, WALLS_TRIED } from "./escape-attempts.ts";
import { installationOfModule } from "./installation.ts";
import type { Bubblewrap } from "./sandbox-line.ts";
import { wrapAgent } from "./wrap-agent.ts";

/** One way out of a sandbox, as it was tried on this machine. */
export interface TriedWall {
  readonly attempt: string;
  readonly stopped: boolean;
  /** What stopped it. */
  readonly by: string;
}

const LIMIT_MS = 300_000;
const PROXY_PORT = 49_151;
const OUTPUT_BYTES_MAX = 1_000_000;
const PROGRAM = path.join(
  import.meta.dirname,
  `try-to-escape${path.extname(import.meta.filename)}`,
);
const Escaped = z.array(z.string());

/**
 * Tries the ways out of a sandbox on this machine, with stand-ins for the bank, the user's home and the
 * host's sockets. Nothing of the user's is read or changed.
 * @param bubblewrap undefined tries what an agent without a sandbox could do.
 */
export async function checkIsolation(
  bubblewrap: Bubblewrap | undefined,
  environment: Environment,
): Promise<readonly TriedWall[]> {
  await using cleaning = new AsyncDisposableStack();
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), "counterbalance-doctor-")));
  cleaning.defer(() => rmSync(root, { recursive: true, force: true }));
  const { targets, servers } = await prepare(root);
  cleaning.defer(() => servers.forEach((server) => server.close()));
  cleaning.defer(() => rmSync(targets.program, { force: true }));
  const seemed = await runAttempts({ root, targets, bubblewrap }, environment);
  const left = endLeftProcess(targets.mark);
  const seen = new Map([
    [HOST_SEES.program, existsSync(targets.program)],
    [HOST_SEES.command, existsSync(targets.command)],
    [HOST_SEES.beside, existsSync(targets.beside)],
    [HOST_SEES.process, left],
  ] as const satisfies readonly (readonly [string, boolean])[]);
  const onHost: ReadonlyMap<string, boolean> = seen;
  return WALLS_TRIED.map(([attempt, wall]) => {
    const stopped = !(onHost.get(attempt) ?? seemed.includes(attempt));
    return { attempt, stopped, by: stopped ? wall : "nothing" };
  });
}

interface Stage {
  readonly root: string;
  readonly targets: EscapeTargets;
  readonly bubblewrap: Bubblewrap | undefined;
}

/** The ways that seemed to lead out, as the program inside says. */
async function runAttempts(
  { root, targets, bubblewrap }: Stage,
  { clock, randomId }: Environment,
): Promise<readonly string[]> {
  const home = path.join(root, "attempt", "home");
  const cwd = path.join(root, "attempt", "workspace");
  const capture = path.join(root, "capture");
  writeFileSync(path.join(home, "targets.json"), JSON.stringify(targets));
  const bare: CommandLine = {
    file: process.execPath,
    args: [PROGRAM, path.join(home, "targets.json")],
    env: { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: home },
  };
  const walls = {
    installation: installationOfModule(PROGRAM),
    cwd,
    home,
    hidden: [targets.repository],
    // The attempts need no proxy.
    origin: `http://127.0.0.1:${String(PROXY_PORT)}`,
    socket: targets.socket,
  };
  const { endedBy, startError } = await runAgentProcess({
    commandLine: bubblewrap === undefined ? bare : wrapAgent(bare, { ...walls, bubblewrap }),
    isWrapped: bubblewrap !== undefined,
    cwd,
    marker: `doctor-${randomId()}`,
    wallLimitMs: LIMIT_MS,
    idleLimitMs: LIMIT_MS,
    outputBytesMax: OUTPUT_BYTES_MAX,
    capture,
    clock,
    signal: new AbortController().signal,
  });
  const said = readFileSync(capture, "utf8");
  const escaped = Escaped.safeParse(parseJson(said));
  if (escaped.success) return escaped.data;
  throw new Error(`The attempts did not end as expected (${endedBy}): ${startError ?? said}`);
}

/** Makes everything that the attempts aim at. */
async function prepare(root: string) {
  // The system draws the folder's name, so that no other check at the same time has this mark.
  const mark = `${path.basename(root)}-left`;
  const folder = (...parts: readonly string[]) => path.join(root, ...parts);
  for (const name of ["project/bank", "attempt/workspace", "attempt/home/tmp", "home", "bin"]) {
    mkdirSync(folder(name), { recursive: true });
  }
  writeFileSync(folder("project/bank/solution.ts"), "export {};\n");
  writeFileSync(folder("home/secret"), "secret\n");
  await commit(folder("project"));
  const targets: EscapeTargets = {
    solution: folder("project/bank/solution.ts"),
    repository: folder("project"),
    inRepository: "bank/solution.ts",
    loot: folder("attempt/workspace/loot"),
    program: path.join(packageFolder(), mark),
    command: folder("bin/git"),
    beside: folder("attempt/grading"),
    secret: folder("home/secret"),
    socket: folder("host.sock"),
    port: 0,
    harness: process.pid,
    mark,
  };
  const servers = await Promise.all([listen(targets.socket), listen(0)]);
  const address = servers[1].address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { targets: { ...targets, port }, servers };
}

/** Without git there is no history that an agent could read. */
async function commit(folder: string): Promise<void> {
  const author = ["-c", "user.name=doctor", "-c", "user.email=doctor@localhost"];
  const env = { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: folder };
  for (const args of [
    ["init", "-q"],
    ["add", "."],
    [...author, "commit", "-q", "-m", "bank"],
  ]) {
    try {
      await promisify(execFile)("git", args, { cwd: folder, env });
    } catch (error) {
      if (hasCode(error, "ENOENT")) return;
      throw error;
    }
  }
}

async function listen(at: string | number): Promise<Server> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const server = createServer((socket) => socket.destroy()).once("error", reject);
  if (typeof at === "string") server.listen(at, resolve);
  else server.listen(at, "127.0.0.1", resolve);
  await promise;
  return server;
}

/** Whether a process is alive whose command line contains the mark. It is ended. */
function endLeftProcess(mark: string): boolean {
  const left = globSync("/proc/[0-9]*/cmdline").filter((file) => holds(file, mark));
  for (const file of left) sendSignal(Number(file.split("/")[2]), "SIGKILL");
  return left.length > 0;
}

function holds(file: string, mark: string): boolean {
  try {
    return readFileSync(file, "utf8").includes(mark);
  } catch {
    return false;
  }
}

import { createHash } from "node:crypto";
import { existsSync, readFileSync, utimesSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { z } from "zod";

import { nodeFileSystem } from "../../../ledger/store/node-file-system.ts";
import { findBubblewrap } from "../../agents/sandbox/find-bubblewrap.ts";
import { serveAllowedHosts } from "../../gateway/proxy/serve-allowed-hosts.ts";
import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { removeFolder } from "../../platform/git/remove-folder.ts";
import { isFree } from "../../platform/locks/hold-lock.ts";
import { assertReachable, readCompanyNetwork } from "../../platform/network/company-network.ts";
import type { CommandTask } from "../bank/task.ts";
import { setupsFolder } from "./cache-folder.ts";
import { checkOutStart, makeCommitRepository } from "./commit-repository.ts";
import { type RoomCommand, runInRoom } from "./run-in-room.ts";
import { setupVariables } from "./setup-variables.ts";
import type { TaskRoom } from "./task-room.ts";

/** A commit that is ready for work. Nothing may change it: windows and gradings get clones. */
export interface PreparedSetup extends TaskRoom {
  /** A bare repository with the commit, its history and nothing else. */
  readonly repository: string;
  /** The commit that the agent starts from. */
  readonly commitStart: string;
  /** How long setup took, when it ran. */
  readonly durationMs: number;
  /** Whether an earlier run had prepared it. */
  readonly isReused: boolean;
}

/** A setup that takes longer hangs. */
const SETUP_LIMIT_MS = 30 * 60_000;
const LOCK_WAIT_MS = 200;
const LOCK = ".lock";
/** Another version of this program may prepare commits in another way. */
const VERSION = 1;
const READY_FILE = "ready.json";
const Ready = z.object({ commit_start: z.string(), duration_ms: z.number() });

const preparing = new Map<string, Promise<PreparedSetup>>();

export interface SetupWatch {
  readonly say?: (sentence: string) => void;
  /** Ends the setup that runs, even if only this process was told to end. */
  readonly signal?: AbortSignal;
}

/**
 * Checks out the commit of a task and runs its setup, once for all windows, sessions and gradings. What a
 * killed run left half-made is never used: a setup gets its name when it is whole.
 * @throws ConfigurationError if the commit can't be used, or with the output of a setup that fails.
 */
export async function prepareSetup(
  task: CommandTask,
  environment: Environment,
  watch: SetupWatch = {},
): Promise<PreparedSetup> {
  const folder = path.join(setupsFolder(environment), await keyOf(task, environment));
  const begun = preparing.get(folder) ?? prepareLocked(task, folder, { environment, watch });
  preparing.set(folder, begun);
  try {
    return await begun;
  } finally {
    preparing.delete(folder);
  }
}

interface Preparing {
  readonly environment: Environment;
  readonly watch: SetupWatch;
}

async function prepareLocked(
  task: CommandTask,
  folder: string,
  preparation: Preparing,
): Promise<PreparedSetup> {
  const found = readReady(folder, preparation.environment);
  if (found !== undefined) return found;
  await mkdir(path.dirname(folder), { recursive: true });
  const unlock = await lock(`${folder}${LOCK}`);
  try {
    // Another session may have made it in the meantime.
    return readReady(folder, preparation.environment) ?? (await prepare(task, folder, preparation));
  } finally {
    unlock();
  }
}

/** Waits for other sessions that prepare the same commit. The kernel frees the lock of a killed one. */
async function lock(file: string): Promise<() => void> {
  const descriptor = nodeFileSystem.open(file, "a+");
  while (!nodeFileSystem.tryLock(descriptor)) await sleep(LOCK_WAIT_MS);
  return () => nodeFileSystem.close(descriptor);
}

/** Marks a setup as used. */
function readReady(folder: string, environment: Environment): PreparedSetup | undefined {
  const file = path.join(folder, READY_FILE);
  if (!existsSync(file)) return undefined;
  const { commit_start: commitStart, duration_ms: durationMs } = Ready.parse(
    JSON.parse(readFileSync(file, "utf8")),
  );
  const seconds = environment.clock.nowMs() / 1000;
  utimesSync(file, seconds, seconds);
  return { ...placesIn(folder), commitStart, durationMs, isReused: true };
}

const DAY_MS = 24 * 60 * 60_000;
const IDLE_DAYS = 30;

/** Prepared commits that no run has used for 30 days, and what killed runs left half-made. */
export async function listIdleSetups(environment: Environment): Promise<readonly string[]> {
  const folder = setupsFolder(environment);
  const names = await readdir(folder).catch(() => []);
  const nowMs = environment.clock.nowMs();
  const idle: string[] = [];
  for (const name of names.filter((one) => !one.endsWith(LOCK))) {
    const [key = ""] = name.split(".making-", 1);
    const isHalfMade = key !== name;
    const used = await stat(path.join(folder, name, READY_FILE)).catch(() => undefined);
    const isOld = used === undefined || nowMs - used.mtimeMs > IDLE_DAYS * DAY_MS;
    if ((isHalfMade || isOld) && isFree(path.join(folder, `${key}${LOCK}`))) {
      idle.push(path.join(folder, name));
    }
  }
  return idle;
}

function placesIn(folder: string) {
  return {
    tree: path.join(folder, "tree"),
    home: path.join(folder, "home"),
    repository: path.join(folder, "repository.git"),
  };
}

async function prepare(
  task: CommandTask,
  folder: string,
  { environment, watch }: Preparing,
): Promise<PreparedSetup> {
  const { clock } = environment;
  await removeHalfMade(folder);
  const variables = chosenVariables(task, environment);
  const startedMs = clock.monotonicMs();
  const draft = await mkdtemp(`${folder}.making-`);
  try {
    const { tree, home, repository } = placesIn(draft);
    watch.say?.(`${task.id}: checking out ${task.workspace.commit.slice(0, 10)}.`);
    const commitStart = await makeCommitRepository(task, repository, environment);
    await checkOutStart(repository, tree, environment);
    await mkdir(home);
    // Setup runs the task's programs: the repository that others trust is one that it never saw.
    const own = path.join(tree, ".git");
    const pristine = path.join(draft, "pristine.git");
    await cp(own, pristine, { recursive: true });
    for (const run of task.setup.runs) {
      watch.say?.(`${task.id}: setting up: ${run.join(" ")}`);
      await runSetup({ task, run, room: { tree, home }, variables }, { environment, watch });
    }
    await removeFolder(own);
    await rename(pristine, own);
    const durationMs = Math.round(clock.monotonicMs() - startedMs);
    const ready = { commit_start: commitStart, duration_ms: durationMs };
    await writeFile(path.join(draft, READY_FILE), JSON.stringify(ready));
    await removeFolder(folder);
    await rename(draft, folder);
    watch.say?.(`${task.id}: set up in ${(durationMs / 1000).toFixed(1)} s.`);
    return { ...placesIn(folder), commitStart, durationMs, isReused: false };
  } finally {
    await removeFolder(draft);
  }
}

async function runSetup(
  { task, run, room, variables }: RoomCommand & { readonly task: CommandTask },
  { environment, watch: { signal } }: Preparing,
): Promise<void> {
  const isSandboxed = (await findBubblewrap(environment)) !== undefined;
  const network = readCompanyNetwork(environment);
  for (const host of task.setup.allowedHosts) {
    assertReachable({ scheme: "https", asked: { host, port: 443 } }, network);
  }
  const hosts = await serveAllowedHosts(task.setup.allowedHosts, { isSandboxed, network });
  let timer: NodeJS.Timeout | undefined;
  const running: { kill?: () => void } = {};
  const end = () => running.kill?.();
  signal?.addEventListener("abort", end);
  try {
    const { exitCode, output, startError } = await runInRoom(
      {
        task,
        run,
        room,
        variables,
        hosts: hosts.place,
        onStart: (_, kill) => {
          running.kill = kill;
          timer = setTimeout(kill, SETUP_LIMIT_MS);
          if (signal?.aborted === true) kill();
        },
      },
      environment,
    );
    if (exitCode === 0 && startError === undefined) return;
    const how =
      startError ?? (exitCode === null ? "it was ended" : `it exited with ${String(exitCode)}`);
    const blocked =
      hosts.blocked.size === 0
        ? ""
        : ` It asked for hosts that setup.network does not allow: ${[...hosts.blocked].slice(0, 10).join(", ")}.`;
    throw new ConfigurationError(
      `${path.join(task.folder, "task.yaml")}: the setup of ${task.id} failed: \`${run.join(" ")}\`: ${how}.${blocked} Nothing was spent. Mend setup, and run it again. Its output ends with:\n${output.trim()}`,
    );
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
    hosts.close();
  }
}

function chosenVariables(
  { folder, id, setup }: CommandTask,
  { variables }: Environment,
): Readonly<Record<string, string>> {
  const missing = setup.variables.find((name) => variables[name] === undefined);
  if (missing !== undefined) {
    throw new ConfigurationError(
      `${path.join(folder, "task.yaml")}: ${id}: setup.env names ${missing}, which is not set. Set it, or take it off the list.`,
    );
  }
  return setupVariables({ setup }, { variables });
}

/** What runs before this one left when they were killed. The caller holds the lock. */
async function removeHalfMade(folder: string): Promise<void> {
  const start = `${path.basename(folder)}.making-`;
  for (const name of await readdir(path.dirname(folder))) {
    if (!name.startsWith(start)) continue;
    await removeFolder(path.join(path.dirname(folder), name));
  }
}

/** Everything that decides what a setup makes. The values of variables are secrets and decide nothing. */
async function keyOf(task: CommandTask, environment: Environment): Promise<string> {
  const { workspace, setup } = task;
  const sandbox = await findBubblewrap(environment);
  const facts = {
    version: VERSION,
    commit: workspace.commit,
    path: workspace.path,
    agentSettings: workspace.agentSettings,
    setup,
    platform: `${environment.platform} ${process.arch}`,
    isSandboxed: sandbox !== undefined,
  };
  return createHash("sha256").update(JSON.stringify(facts)).digest("hex").slice(0, 40);
}

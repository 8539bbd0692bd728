import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { ResourceLimit } from "../../../ledger/domain/resources.ts";
import type { ResourceLimits } from "../../plan/config/configuration.ts";
import type { CommandLine } from "../../platform/processes/command-line.ts";

type Resource = ResourceLimit["resource"];
type Version = NonNullable<ResourceLimit["enforced_by"]>;

/** The kernel's answers about the cgroups of this process. */
export interface CgroupFacts {
  /** The text of `/proc/self/cgroup`. */
  readonly memberships: string;
  /** The text of `/proc/self/mountinfo`. */
  readonly mounts: string;
}

/** The limits of one attempt, and the control groups that enforce them. */
export interface OpenLimits {
  readonly limits: readonly ResourceLimit[];
  /** The command line that first joins the groups. Its process id stays the same. */
  wrap(commandLine: CommandLine): CommandLine;
  /** Kills what is left in the groups and removes them. */
  close(): Promise<void>;
}

const CONTROLLERS: Readonly<Record<Resource, string>> = {
  cpus: "cpu",
  memory: "memory",
  processes: "pids",
};
/** Microseconds over which the kernel counts the use of CPUs. */
const CPU_PERIOD_US = 100_000;
const PREFIX = "counterbalance";
const REMOVE_TRIES = 100;
const REMOVE_WAIT_MS = 20;

/**
 * Makes control groups with the limits of an attempt below the group of this process, so that the limits
 * of this process hold as well. A limit without a group that can be made is not enforced.
 */
export function openLimits(
  wanted: ResourceLimits,
  name: string,
  facts: CgroupFacts | null = readCgroupFacts(),
): OpenLimits {
  const folders = new Set<string>();
  const limits = listLimits(wanted).map(({ resource, limit }): ResourceLimit => {
    const group = facts === null ? undefined : findGroup(facts, resource);
    if (group === undefined) return { resource, limit, enforced_by: null };
    const folder = path.join(group.folder, `${PREFIX}-${String(process.pid)}-${name}`);
    removeOrphans(group.folder);
    const isEnforced = makeGroup(folder, settingsOf(resource, limit)[group.version]);
    if (isEnforced) folders.add(folder);
    return { resource, limit, enforced_by: isEnforced ? group.version : null };
  });
  return {
    limits,
    wrap: (commandLine) => join([...folders], commandLine),
    close: async () => {
      for (const folder of folders) await removeGroup(folder);
    },
  };
}

function listLimits({ cpus, memoryBytes, processes }: ResourceLimits) {
  const all = { cpus, memory: memoryBytes, processes };
  return (["cpus", "memory", "processes"] as const).flatMap((resource) => {
    const limit = all[resource];
    return limit === null ? [] : [{ resource, limit }];
  });
}

function readCgroupFacts(): CgroupFacts | null {
  try {
    return {
      memberships: readFileSync("/proc/self/cgroup", "utf8"),
      mounts: readFileSync("/proc/self/mountinfo", "utf8"),
    };
  } catch {
    return null;
  }
}

interface Group {
  readonly folder: string;
  readonly version: Version;
}

/** The group of this process that has the controller of a resource. */
function findGroup(facts: CgroupFacts, resource: Resource): Group | undefined {
  const controller = CONTROLLERS[resource];
  const old = findFolder(facts, (names) => names.includes(controller));
  if (old !== undefined) return { folder: old, version: "cgroup-v1" };
  const unified = findFolder(facts, null);
  if (unified === undefined || !hasController(unified, controller)) return undefined;
  return { folder: unified, version: "cgroup-v2" };
}

/** @param isMeant which controllers a hierarchy of version 1 has to have; null for version 2. */
function findFolder(
  { memberships, mounts }: CgroupFacts,
  isMeant: ((controllers: readonly string[]) => boolean) | null,
): string | undefined {
  const own = memberships
    .split("\n")
    .map((line) => /^\d+:([^:]*):(.*)$/u.exec(line))
    .find((found) => isIn(found?.[1], isMeant))?.[2];
  const mount = mounts
    .split("\n")
    .map(readMount)
    .find((one) => {
      if (isMeant === null) return one?.type === "cgroup2";
      return one?.type === "cgroup" && isMeant(one.options);
    });
  if (own === undefined || mount === undefined) return undefined;
  // A container may mount only its own part of the hierarchy.
  const inside = path.posix.relative(mount.root, own);
  return inside.startsWith("..") ? mount.folder : path.join(mount.folder, inside);
}

function isIn(
  controllers: string | undefined,
  isMeant: ((controllers: readonly string[]) => boolean) | null,
): boolean {
  if (controllers === undefined) return false;
  return isMeant === null ? controllers === "" : isMeant(controllers.split(","));
}

/** A line of `mountinfo`: its part of the file system, its folder, type and options. */
function readMount(line: string) {
  const [place = "", kind = ""] = line.split(" - ");
  const [, , , root = "", folder = ""] = place.split(" ");
  const [type = "", , options = ""] = kind.split(" ");
  return { root, folder, type, options: options.split(",") };
}

/** Whether groups below this one may have the controller. It is asked for if it is not there yet. */
function hasController(folder: string, controller: string): boolean {
  const file = path.join(folder, "cgroup.subtree_control");
  try {
    if (readFileSync(file, "utf8").split(/\s+/u).includes(controller)) return true;
    writeFileSync(file, `+${controller}`);
    return true;
  } catch {
    return false;
  }
}

type Settings = Readonly<Record<string, string>>;

/** The files of a group and their values. A file whose name ends in a question mark may be missing. */
function settingsOf(resource: Resource, limit: number): Readonly<Record<Version, Settings>> {
  const value = String(Math.ceil(limit));
  switch (resource) {
    case "cpus": {
      const quota = String(Math.round(limit * CPU_PERIOD_US));
      const period = String(CPU_PERIOD_US);
      return {
        "cgroup-v1": { "cpu.cfs_period_us": period, "cpu.cfs_quota_us": quota },
        "cgroup-v2": { "cpu.max": `${quota} ${period}` },
      };
    }
    case "memory":
      return {
        "cgroup-v1": { "memory.limit_in_bytes": value, "memory.memsw.limit_in_bytes?": value },
        "cgroup-v2": { "memory.max": value, "memory.swap.max?": "0" },
      };
    case "processes":
      return { "cgroup-v1": { "pids.max": value }, "cgroup-v2": { "pids.max": value } };
  }
}

/** Returns false if the system does not allow it; then nothing is left of the group. */
function makeGroup(folder: string, settings: Settings): boolean {
  try {
    // Two limits may share a group.
    if (!existsSync(folder)) mkdirSync(folder);
    for (const [name, value] of Object.entries(settings)) {
      const file = path.join(folder, name.replace("?", ""));
      if (name.endsWith("?") && !existsSync(file)) continue;
      writeFileSync(file, value);
    }
    return true;
  } catch {
    tryRemove(folder);
    return false;
  }
}

const JOIN = `set -e
count=$1; shift
while [ "$count" -gt 0 ]; do echo $$ > "$1/cgroup.procs"; shift; count=$((count - 1)); done
exec "$@"`;

/** The shell joins the groups and then becomes the command, so that no process of it was ever outside. */
function join(folders: readonly string[], { file, args, env }: CommandLine): CommandLine {
  if (folders.length === 0) return { file, args, env };
  const joined = ["-c", JOIN, "limits", String(folders.length), ...folders, file, ...args];
  return { file: "/bin/sh", args: joined, env };
}

async function removeGroup(folder: string): Promise<void> {
  for (let tries = 0; tries < REMOVE_TRIES; tries += 1) {
    killAll(folder);
    if (tryRemove(folder)) return;
    await sleep(REMOVE_WAIT_MS);
  }
}

function killAll(folder: string): void {
  try {
    for (const line of readFileSync(path.join(folder, "cgroup.procs"), "utf8").split("\n")) {
      if (line !== "") process.kill(Number(line), "SIGKILL");
    }
  } catch {
    // The process, or the group, has just ended.
  }
}

function tryRemove(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return !existsSync(folder);
  }
}

/** Removes the groups of runs that were killed before they could do it. */
function removeOrphans(parent: string): void {
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    const pid = new RegExp(`^${PREFIX}-(\\d+)-`, "u").exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) tryRemove(path.join(parent, name));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

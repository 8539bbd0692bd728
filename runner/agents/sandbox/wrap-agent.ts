import { existsSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

import { packageFolder } from "../../platform/environment/package-folder.ts";
import type { CommandLine } from "../../platform/processes/command-line.ts";
import { INFO_FD } from "../../platform/processes/namespace.ts";
import type { Installation } from "./installation.ts";
import { type Bubblewrap, isOfSystem, isWithin, sandboxLine } from "./sandbox-line.ts";

export const SOCKET_INSIDE = "/run/proxy.sock";
/** In the place of a program: `inside.ts` imports what follows. */
const MODULE = "module";
export const INSIDE = path.join(import.meta.dirname, `inside${path.extname(import.meta.filename)}`);

/** One agent's sandbox. All paths are absolute. */
export interface AgentWalls {
  readonly bubblewrap: Bubblewrap;
  readonly installation: Installation;
  /** The agent's working folder, and its home. */
  readonly cwd: string;
  readonly home: string;
  /** Folders that stay hidden wherever they are. */
  readonly hidden: readonly string[];
  /** `http://127.0.0.1:PORT`: the proxy's address, inside as outside. */
  readonly origin: string;
  /** The Unix socket that leads to the proxy. */
  readonly socket: string;
  /** Readable files that have another path inside. */
  readonly moved?: Readonly<Record<string, string>>;
  /** Other places for the agent's work than its folder; absent if it works in its folder. */
  readonly room?: AgentRoom | undefined;
}

/** The agent's work in the places that the task's setup saw. */
export interface AgentRoom {
  /** Writable folders, by their paths inside. */
  readonly mounted: Readonly<Record<string, string>>;
  /** The working folder, inside. */
  readonly cwd: string;
  /** The task's programs, and the folders of PATH in which they are found. */
  readonly installation: Installation;
  readonly folders: readonly string[];
}

/**
 * Wraps an agent's command line: it then runs in a sandbox where its workspace, its home, its own program
 * and the system's folders exist and nothing else. Its only way out is the proxy.
 */
export function wrapAgent(commandLine: CommandLine, walls: AgentWalls): CommandLine {
  const { bubblewrap, cwd, home, origin, socket, room } = walls;
  const installation = joined([
    walls.installation,
    ...(room === undefined ? [] : [room.installation]),
  ]);
  const hidden = [...walls.hidden, packageFolder(), homedir()].flatMap(realFolder);
  const isThere = (name: string) =>
    isOfSystem(name) && !hidden.some((folder) => isWithin(name, folder));
  const readable = [process.execPath, INSIDE, ...installation.readable];
  const packages = installation.readable;
  const links = Object.entries(installation.links).filter(
    ([link]) => !isThere(link) && !packages.some((folder) => isWithin(link, folder)),
  );
  const [file = "", ...args] = sandboxLine({
    bubblewrap,
    readable: [...new Set(readable)].filter((name) => !isThere(name)),
    hidden,
    links: Object.fromEntries(links),
    moved: { ...walls.moved, [SOCKET_INSIDE]: socket },
    writable: room === undefined ? [cwd, home] : [home],
    mounted: room?.mounted ?? {},
    options: ["--info-fd", String(INFO_FD), "--chdir", room?.cwd ?? cwd],
    hasProc: true,
  });
  const inside = [process.execPath, INSIDE, new URL(origin).port, SOCKET_INSIDE];
  const env = { ...commandLine.env, PATH: room?.folders.join(path.delimiter) ?? pathInside() };
  const agent = [commandLine.isOwnModule === true ? MODULE : commandLine.file, ...commandLine.args];
  return { file, args: [...args, ...inside, ...agent], env };
}

function joined(installations: readonly Installation[]): Installation {
  return {
    readable: installations.flatMap(({ readable }) => readable),
    links: Object.assign({}, ...installations.map(({ links }) => links)),
  };
}

/** Folders of programs that exist inside: Node's own and the system's. */
function pathInside(): string {
  const system = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
  return [path.dirname(process.execPath), ...system].join(path.delimiter);
}

function realFolder(folder: string): readonly string[] {
  // A user without a home has the root as home.
  return existsSync(folder) && folder !== "/" ? [realpathSync(folder)] : [];
}

/** The innermost git repository that holds a path, or the path itself if none does. */
export function repositoryAround(name: string): string {
  for (let folder = path.resolve(name); ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, ".git"))) return folder;
    if (folder === path.dirname(folder)) return name;
  }
}

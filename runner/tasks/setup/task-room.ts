import path from "node:path";

import type { CommandTask } from "../bank/task.ts";

/**
 * The places of a task's files. In a sandbox they are the same for setup, agent and grading, because
 * many tools write absolute paths into what they install. Without one they are where they are.
 */
export interface TaskRoom {
  /** The files of the repository. */
  readonly tree: string;
  /** The home of setup, with what its tools keep for later. */
  readonly home: string;
}

export const ROOM_INSIDE: TaskRoom = { tree: "/workspace", home: "/setup" };

/** The folder in which a task's commands run. */
export function workFolder({ workspace }: Pick<CommandTask, "workspace">, tree: string): string {
  return path.join(tree, workspace.path);
}

/** The variables by which tools find what setup kept. */
export function toolVariables(home: string): Readonly<Record<string, string>> {
  return {
    GOPATH: path.join(home, "go"),
    GOMODCACHE: path.join(home, "go", "pkg", "mod"),
    GOCACHE: path.join(home, ".cache", "go-build"),
    CARGO_HOME: path.join(home, ".cargo"),
    GRADLE_USER_HOME: path.join(home, ".gradle"),
    MAVEN_ARGS: `-Dmaven.repo.local=${path.join(home, ".m2")}`,
    PYTHONUSERBASE: path.join(home, ".local"),
    PIP_CACHE_DIR: path.join(home, ".cache", "pip"),
    UV_CACHE_DIR: path.join(home, ".cache", "uv"),
    npm_config_cache: path.join(home, ".npm"),
    BUNDLE_USER_HOME: path.join(home, ".bundle"),
    // Python's own files would be changes of the work.
    PYTHONDONTWRITEBYTECODE: "1",
  };
}

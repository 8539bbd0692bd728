import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import { processEnvironment } from "../../platform/environment/environment.ts";

/** A server in a process of its own, so that its CPU and memory are its own. */
export interface ServerProcess {
  readonly port: number;
  readonly path: string;
  readonly pid: number;
  readonly child: ChildProcess;
  stop(): Promise<void>;
}

/** For a hang. */
const START_LIMIT_MS = 120_000;

export async function startServer(
  entry: string,
  args: readonly string[] = [],
  variables: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const file = fileURLToPath(new URL(entry, import.meta.url));
  const child = fork(file, [...args], {
    env: { ...processEnvironment().variables, ...variables },
    // A Ctrl-C is the bench's own; it ends its servers.
    detached: true,
    // Some peers talk.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const [url] = await once(child, "message", { signal: untilItEnds(child) });
  const { port, pathname } = new URL(String(url));
  return {
    port: Number(port),
    path: pathname,
    pid: child.pid ?? 0,
    child,
    stop: async () => {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Aborts what waits for a server's first words if the server ends or hangs instead. */
export function untilItEnds(child: ChildProcess): AbortSignal {
  const ended = new AbortController();
  child.once("exit", (code, signal) => {
    const how = signal ?? `code ${String(code)}`;
    ended.abort(new Error(`${child.spawnargs.join(" ")} ended with ${how} before it served.`));
  });
  return AbortSignal.any([ended.signal, AbortSignal.timeout(START_LIMIT_MS)]);
}
